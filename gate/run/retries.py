"""When a request is sent again, and how long the runner waits before. Pure but for the clock."""

from __future__ import annotations

import re
import time
from collections.abc import Collection
from email.utils import parsedate_to_datetime

from gate.model import Ending, Exchange, Limits, Response
from gate.run.failures import header, served

# As the official SDKs (SD06): what a client gets over is no drift.
MAX_RETRIES = 2
# chosen: half of openai-python's 0.5 s, because a lost connection needs no rest.
_BACKOFF = 0.25  # seconds before the first further attempt; doubles
# chosen: ER15 knows refusals without Retry-After; with two retries a check waits 3 s at most.
_PATIENCE = 1.0  # seconds after a 503 that names no time; doubles
# A time-out is not among them: the model may be at work, and a second POST would be paid for as well.
_UNANSWERED = frozenset({Ending.UNREACHABLE, Ending.RESET, Ending.CUT})


def pause(exchange: Exchange, permitted: Collection[int], retries: int, limits: Limits) -> float | None:
    """Seconds to wait before another attempt; None where this one is final.

    A POST is repeated only when there was no answer, or when the answer asks for it (503; for 429 see `pace`).
    """
    status = exchange.response.status if exchange.response else None
    # A 429 that the scenario asks for, or that the golden has, is an answer and no reason to wait.
    if retries >= MAX_RETRIES or status in permitted:
        return None
    if status is None:  # bytes that are not HTTP will not be HTTP the next time either
        unanswered = exchange.ending in _UNANSWERED and exchange.first_byte_ms is None
        return _BACKOFF * (1 << retries) if unanswered else None
    asked = retry_after(exchange.response, time.time())
    # behind a gateway's page the POST may have been processed; the samples that confirm a drift show whether it
    # happens once (incomplete) or always (drift)
    if status != 503 or (asked is None and not served(exchange)):
        return None
    wait = _PATIENCE * (1 << retries) if asked is None else asked
    return wait if wait <= limits.max_retry_after else None


def retry_after(response: Response | None, now: float) -> float | None:
    """Seconds that a Retry-After asks for, a number or a date; a date is compared with the response's Date, if any.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    value = header(response, "retry-after") or ""
    # RFC 9110 allows whole seconds only; openai-python also takes fractions. Bounded: `inf` and 1e999 are no numbers
    # here.
    if re.fullmatch(r"\d{1,12}(\.\d{1,9})?", value):
        return float(value)
    until = _date(value)
    if until is None:
        return None
    # Against the remote's own Date, since the clocks of a CI runner and a route may differ by minutes.
    return max(0.0, until - (_date(header(response, "date") or "") or now))


def _date(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
