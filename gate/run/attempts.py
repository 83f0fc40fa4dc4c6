"""What one exchange means for the run: was it answered, is it tried again, which parameter did it reject. Pure."""

from __future__ import annotations

import re
import time
from collections.abc import Collection
from email.utils import parsedate_to_datetime
from typing import Literal

from gate.model import Ending, Exchange, Limits, Response
from gate.observe.refusal import document
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
