"""Which exchanges are failures of a route instead of answers of an API: these are kept apart from contract drift."""

from __future__ import annotations

from typing import Literal

from gate.model import Ending, Exchange, Response
from gate.observe.refusal import document
from gate.wire.sse import looks_like_sse

Failure = Literal["answered", "unreachable", "timeout", "reset", "cut", "intermediary"]
# 520..530 are a CDN's own words for an origin that it could not reach
_GATEWAY = frozenset({502, 503, 504, *range(520, 531)})


def classify(exchange: Exchange) -> Failure:
    """The class of failure, kept apart from contract drift; `answered` is left to the rules."""
    match exchange.ending:
        case Ending.UNREACHABLE:
            return "unreachable"
        case Ending.TIMEOUT:
            return "timeout"
        case Ending.RESET:
            return "reset"
        case Ending.CUT:
            return "cut"
    return "intermediary" if _from_intermediary(exchange.response) else "answered"


def served(exchange: Exchange) -> bool:
    """Whether there is an answer to judge: a part of one is, a gateway's error page and silence are not."""
    if exchange.response is None:
        return exchange.ending is Ending.CANCELLED
    return not _from_intermediary(exchange.response)


def _from_intermediary(response: Response | None) -> bool:
    return response is not None and response.status in _GATEWAY and not isinstance(document(response), dict)


def header(response: Response | None, name: str) -> str | None:
    """The first header of that lower-case name."""
    headers = response.headers if response else ()
    return next((value.strip() for key, value in headers if key.lower() == name), None)


_ABSENT = frozenset({404, 405, 501})
_ANSWER = frozenset({"choices", "data", "models", "object", "output", "results", "text"})


def speaks(exchange: Exchange) -> bool:
    """Whether an API answered: JSON or a stream, and not that there is nothing here.

    Hello pages, {"status": "ok"} and a 200 with {"error": "unexpected endpoint"} (LM Studio) are none.
    """
    status = exchange.response.status if exchange.response else 0
    if status < 200 or status in _ABSENT or 300 <= status < 400:
        return False
    doc = document(exchange.response)
    if status >= 400:
        return isinstance(doc, dict)
    if isinstance(doc, dict):
        return not doc.get("error") and doc.get("object") != "error" and not _ANSWER.isdisjoint(doc)
    return isinstance(doc, list) or (exchange.response is not None and looks_like_sse(exchange.response.body))
