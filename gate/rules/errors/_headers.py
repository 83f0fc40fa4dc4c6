"""Headers about rate limits: which ones there are, in which form, and whether it means anything that one is absent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Literal

from gate.model import Observation, Samples

Form = Literal["number", "sentinel", "duration", "epoch", "date", "other"]

# as OpenAI writes resets, 6m0s or 1s: https://platform.openai.com/docs/guides/rate-limits
# The form of Go's time.Duration (https://pkg.go.dev/time#Duration.String), and days; six units at most, to be bounded.
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d)){1,6}")
# a minus for sentinels (ER15: -1); bounded, because the remote writes it
_NUMBER = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?")
# anthropic-ratelimit-: https://docs.anthropic.com/en/api/rate-limits#response-headers
_LIMITS = ("x-ratelimit", "ratelimit-", "anthropic-ratelimit-")
_EPOCH = 1e9  # seconds: as a time since 1970 it is 2001, and no wait is that long


def keeps_headers(golden: Samples, observation: Observation) -> bool:
    """Whether an absent header means something: our own client keeps all headers, and only it takes times; a recording
    with rate-limit headers was not filtered either.

    Other recorders may filter headers, but then on both sides.
    """
    filtered_alike = all(sample.timing.total is None for sample in golden)
    return filtered_alike or observation.timing.total is not None or bool(rate_limits(observation))


def rate_limits(observation: Observation) -> Mapping[str, str]:
    """The x-ratelimit-* headers, and those of the IETF's draft."""
    # `ratelimit-`: https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ (ER17)
    # llm_provider-: as LiteLLM passes the headers of its upstream on
    limits = (name for name in observation.headers if name.removeprefix("llm_provider-").startswith(_LIMITS))
    return {name: observation.headers[name].strip() for name in limits}


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
        # an HTTP date has 29 characters: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7; 64 bounds the parser
        return bool(parsedate_to_datetime(value[:64]))
    except (ValueError, TypeError, IndexError):
        return False


def seconds(value: str) -> float | None:
    """A Retry-After in seconds; None where it is a date or nothing readable."""
    return float(value) if _NUMBER.fullmatch(value) else None
