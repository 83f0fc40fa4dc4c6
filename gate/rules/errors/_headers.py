"""Headers about rate limits: which ones there are, in which form, and whether their absence means anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Literal

from gate.model import Observation, Samples

Form = Literal["number", "sentinel", "duration", "epoch", "date", "other"]

_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d)){1,6}")
_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?")
_EPOCH = 1e9  # seconds since 1970 of a time long past; no wait is that long


def keeps_headers(golden: Samples, found: Observation) -> bool:
    """Whether an absent header means something: our own client keeps them all, and so did who kept the limits.

    Recorders of others filter, but both sides alike.
    """
    alike = all(g.timing.total is None for g in golden)
    return alike or found.timing.total is not None or bool(rate_limits(found))


def rate_limits(found: Observation) -> Mapping[str, str]:
    """The x-ratelimit-* headers, and those of the IETF's draft."""
    return {k: v.strip() for k, v in found.headers.items() if k.startswith(("x-ratelimit", "ratelimit-"))}


def form(name: str, value: str) -> Form:
    """How a header writes a number or a time."""
    if _NUMBER.fullmatch(value):
        number = float(value)
        return "sentinel" if number < 0 else "epoch" if number >= _EPOCH and "reset" in name else "number"
    if _DURATION.fullmatch(value):
        return "duration"
    return "date" if _is_date(value) else "other"


def _is_date(value: str) -> bool:
    try:
        return bool(parsedate_to_datetime(value[:64]))
    except (ValueError, TypeError, IndexError):
        return False


def seconds(value: str) -> float | None:
    """A Retry-After in seconds; None where it is a date or nothing readable."""
    return float(value) if _NUMBER.fullmatch(value) else None
