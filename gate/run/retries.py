"""When a request is sent again, and how long the runner waits before. Pure but for the clock."""

from __future__ import annotations

import re
import time
from collections.abc import Collection
from email.utils import parsedate_to_datetime

from gate.model import Ending, Exchange, Limits, Response
from gate.run.failures import header, served

MAX_RETRIES = 2
_BACKOFF = 0.25  # seconds before the first further attempt; doubles
_PATIENCE = 1.0  # seconds after a 429 or 503 that names no time; doubles


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
