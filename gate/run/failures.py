"""Which exchanges are answers of an API; failures of the route are kept apart from contract drift. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from gate.judge.served import ABSENT
from gate.model import Ending, Exchange, Response
from gate.observe.limits import held_back
from gate.observe.refusal import REFUSES, document
from gate.wire.encoding import content, label, unreadable
from gate.wire.sse import looks_like_sse

# 520..530: a CDN could not reach the origin
_GATEWAY = frozenset({502, 503, 504, *range(520, 531)})
_API_TYPE = re.compile(r"application/json|text/event-stream", re.IGNORECASE)
_ANSWER = frozenset({"choices", "data", "models", "object", "output", "results", "text"})


def served(exchange: Exchange) -> bool:
    """Whether there is an answer to judge: also a part of one, but not a gateway's error page."""
    if exchange.response is None:
        # A client that left before the first byte got what the scenario asked for.
        return exchange.ending is Ending.CANCELLED
    return not _from_intermediary(exchange.response)


def _from_intermediary(response: Response | None) -> bool:
    # A gateway that speaks the API sends its 502 as JSON (ER12), and that is judged.
    return response is not None and response.status in _GATEWAY and not isinstance(document(response), dict)


def limited(exchange: Exchange, permitted: Collection[int]) -> bool:
    """Whether an answer only says that it is too soon: a 429, or an open breaker, that is not permitted. Gateways drop
    or rename Retry-After, so the status alone decides."""
    status = exchange.response.status if exchange.response else 0
    return status not in permitted and (status == 429 or cooling(exchange))


def cooling(exchange: Exchange) -> bool:
    """Whether a gateway holds requests back for a while, because earlier ones failed behind it."""
    response = exchange.response
    # the body only where it may matter: it may lie on the disk
    if response is None or (response.status < 500 and response.status != 429):
        return False
    return held_back(response.status, content(response).decode("utf-8", "replace"))


def broken(exchange: Exchange) -> bool:
    """Whether a request failed in a way that the next one may not: no answer, 5xx, a cut or empty body. Who waited in
    vain would wait again."""
    response = exchange.response
    if response is None or exchange.ending is Ending.TIMEOUT:
        return exchange.ending is not Ending.TIMEOUT
    empty = 200 <= response.status < 300 and not response.body
    return response.status >= 500 or exchange.ending is not Ending.COMPLETE or empty


def absent(exchange: Exchange, permitted: Collection[int]) -> int | None:
    """The status of an answer that says that the route has no such endpoint; None for other answers."""
    status = exchange.response.status if exchange.response else 0
    return status if status in ABSENT and status not in permitted and not _names_model(exchange) else None


def _names_model(exchange: Exchange) -> bool:
    """Whether a 404 is about the model: then the name in gate.yaml is wrong, and no endpoint is missing."""
    body = content(exchange.response).lower() if exchange.response else b""
    return b"model" in body and b"not" in body and b"{" in body


def header(response: Response | None, name: str) -> str | None:
    """The first header of that lower-case name."""
    headers = response.headers if response else ()
    return next((value.strip() for key, value in headers if key.lower() == name), None)


def speaks(exchange: Exchange) -> bool:
    """Whether an API answered: JSON or a stream, and no status or body that says that nothing is there.

    Welcome pages, {"status": "ok"} and a 200 with {"error": "unexpected endpoint"} (LM Studio) do not count.
    """
    status = exchange.response.status if exchange.response else 0
    # A redirect that was not followed leads elsewhere; nothing here speaks the API.
    if status < 200 or status in ABSENT or 300 <= status < 400:
        return False
    doc = document(exchange.response)
    if status >= 400:
        return isinstance(doc, dict)
    if isinstance(doc, dict):
        # ER06: an error with status 200. vLLM and FastChat mark one by `"object": "error"`. Answers of chat,
        # embeddings, models, Responses, moderations and transcriptions have one member of `_ANSWER`.
        return not doc.get("error") and doc.get("object") != "error" and not _ANSWER.isdisjoint(doc)
    return isinstance(doc, list) or (exchange.response is not None and _streams(exchange.response))


def vague(exchange: Exchange) -> bool:
    """Whether a success is JSON that answers no such request, a chat or a list of models, as far as anybody knows.

    It may be a drift, and it may be another page of the server: `[]`, or `{"data": {"message": "no route matched"}}`.
    """
    doc = document(exchange.response)
    if exchange.response is None or exchange.response.status >= 300 or not isinstance(doc, dict | list):
        return False
    path = urlsplit(exchange.request.url).path
    known = doc if isinstance(doc, dict) else {}
    if path.endswith("/chat/completions"):
        return "choices" not in known
    return path.endswith("/models") and not isinstance(known.get("data"), list)


def _streams(response: Response) -> bool:
    """A stream; of a coding that can't be undone (br, zstd) the media type is all that there is to go by."""
    if unreadable(label(response)):
        return bool(_API_TYPE.match(header(response, "content-type") or ""))
    return looks_like_sse(content(response))


def rejected(exchange: Exchange, permitted: frozenset[int]) -> bool:
    """Whether the request was refused for one of its parameters."""
    status = exchange.response.status if exchange.response else None
    return status in REFUSES and status not in permitted
