"""What one exchange means for the run: was it answered, is it tried again, which parameter did it reject. Pure."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Literal

from gate import endpoints
from gate.model import MISSING, Ending, Exchange, Json, Limits, Response
from gate.wire.sse import looks_like_sse

Class = Literal["answered", "unreachable", "timeout", "reset", "cut", "intermediary"]
MAX_RETRIES = 2
_BACKOFF = 0.25  # seconds before the first further attempt; doubles
_PATIENCE = 1.0  # seconds after a 429 or 503 that names no time; doubles
# 520..530 are a CDN's own words for an origin that it could not reach
_GATEWAY = frozenset({502, 503, 504, *range(520, 531)})


def classify(exchange: Exchange) -> Class:
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


def document(response: Response | None) -> Json:
    """The body's JSON value, MISSING where it is none."""
    try:
        return json.loads(response.body) if response else MISSING
    except (ValueError, RecursionError):
        return MISSING


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


# -- further attempts ---------------------------------------------------------------------------


def pause(exchange: Exchange, permitted: Collection[int], retries: int, limits: Limits) -> float | None:
    """Seconds to wait before another attempt; None where this one counts.

    A POST is repeated only when nobody answered it, or when the answer itself asks to come back.
    """
    status = exchange.response.status if exchange.response else None
    if retries >= MAX_RETRIES or status in permitted:
        return None
    if status is None:  # what began to arrive but is no HTTP will be none the next time either
        nobody = exchange.ending in _NOBODY and exchange.first_byte_ms is None
        return _BACKOFF * (1 << retries) if nobody else None
    asked = retry_after(exchange.response, time.time())
    # a gateway's page is no invitation: the POST behind it may have been done, and the samples of a confirmation
    # tell what happens once (incomplete) from what happens always (drift)
    if status not in (429, 503) or (asked is None and not served(exchange)):
        return None
    wait = _PATIENCE * (1 << retries) if asked is None else asked
    return wait if wait <= limits.max_retry_after else None


_NOBODY = frozenset({Ending.UNREACHABLE, Ending.RESET, Ending.CUT})


def retry_after(response: Response | None, now: float) -> float | None:
    """Seconds that a response asks for: a number, or a date measured by the response's own clock if it has one.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    value = header(response, "retry-after") or ""
    if re.fullmatch(r"\d{1,12}(\.\d{1,9})?", value):
        return float(value)
    until = _date(value)
    if until is None:
        return None
    return max(0.0, until - (_date(header(response, "date") or "") or now))


def _date(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


# -- rejected parameters ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rejection:
    """A parameter that the route refuses, and the name that it wants instead; None: it wants none at all."""

    parameter: str
    replacement: str | None
    exchange: Exchange


# Settings that many scenarios carry along. Leaving one out keeps the scenario's meaning; leaving out `tools` or
# `response_format` would only turn one clear finding (400 instead of 200) into several unclear ones.
_CARRIED = frozenset({
    "temperature", "top_p", "seed", "max_tokens", "max_completion_tokens", "max_output_tokens", "user", "store",
    "metadata", "presence_penalty", "frequency_penalty", "parallel_tool_calls", "stream_options", "service_tier",
})  # fmt: skip
_SIBLINGS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
_REFUSES = re.compile(
    r"unsupported|not support|unrecogni[sz]ed|unknown|not permitted|not allowed|extra.?(inputs|forbidden)|unexpected",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"[Uu]se\W{1,3}(\w{1,64})\W{1,3}instead")


def learn(exchange: Exchange, known: Mapping[str, str | None]) -> Rejection | None:
    """The carried parameter that a 400 or 422 refuses (PA01, PA03), None where the answer is about something else.

    `known` are the names that were mapped before: a replacement that is refused too is then left out.
    """
    sent = _sent(exchange)
    if exchange.response is None or exchange.response.status not in (400, 422) or not sent:
        return None
    said, param = _words(document(exchange.response))
    if not _REFUSES.search(said):
        return None
    parameter = param if param in sent else _named(said, sent)
    if parameter not in _CARRIED:
        return None
    instead = _INSTEAD.search(said)
    sibling = None if _legacy(exchange) and parameter == "max_tokens" else _SIBLINGS.get(parameter)
    replacement = instead[1] if instead and instead[1] in _CARRIED else sibling
    refused = replacement in sent or replacement in known or parameter in known.values()
    return Rejection(parameter, None if refused else replacement, exchange)


def _legacy(exchange: Exchange) -> bool:
    """Whether the request went to the completions of old, which have one limit and no other name for it."""
    return endpoints.for_url(exchange.request.url).name == "completions"


def refusals(attempts: Sequence[Exchange]) -> tuple[tuple[str, str | None], ...]:
    """(parameter, what the next attempt sent instead) for each parameter that an attempt had refused."""
    found = []
    for one, after in pairwise(attempts):
        if refusal := learn(one, {}):
            new = [name for name in _sent(after) if name not in _sent(one) and name in _CARRIED]
            found.append((refusal.parameter, new[0] if new else None))
    return tuple(found)


def _sent(exchange: Exchange) -> dict[str, Json]:
    try:
        body = json.loads(exchange.request.body or b"")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _words(doc: Json) -> tuple[str, str]:
    """All that an error says in text, bounded, and the parameter that it names itself."""
    error = doc.get("error", doc) if isinstance(doc, dict) else doc
    fields = error if isinstance(error, dict) else {"message": error}
    said = [fields.get(key) or "" for key in ("message", "code", "type", "detail")]
    text = "\n".join(part if isinstance(part, str) else repr(part)[:4000] for part in said)
    param = fields.get("param")
    return text[:4000], param if isinstance(param, str) else ""


def _named(said: str, sent: Mapping[str, Json]) -> str:
    """The sent parameter that is named first: in quotes, before a colon, or after "supplied:"."""
    patterns = {key: rf"['\"`]{key}['\"`]|(?<!\w){key}:|supplied: {key}\b" for key in sent if key in _CARRIED}
    places = {key: re.search(pattern, said) for key, pattern in patterns.items()}
    found = {key: place.start() for key, place in places.items() if place}
    return min(found, key=lambda key: found[key], default="")
