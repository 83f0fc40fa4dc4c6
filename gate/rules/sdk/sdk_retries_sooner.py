"""sdk-retries-sooner: the SDK sends a failed request again before the time that the route asked for.

The official SDKs pause for half a second at most before their first retry, unless Retry-After asks for more:
openai-node passed over one of 70 s up to 6.10 (openai/openai-node#1840).
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts, seconds

# `Retry-After: 1`, less what clocks differ in; and more than the half second of a pause that nobody asked for, which is
# openai-python's (https://github.com/openai/openai-python#retries). Between the two, a random part of the pause
# decides (that of LangChain for Node is from one second to two).
_ASKED, _UNASKED = 0.95, 0.7
_DIGITS = 10  # of a pause in seconds; chosen: 31 years have nine
_DATE_MS = 1000.0  # so long at least until one that is two whole seconds ahead


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls whose second request came after the pause that was asked for, and now comes without."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    before, now = call.golden.posts, call.candidate.posts
    if not (len(before) > 1 and len(now) > 1 and before[0].retry_after):
        return
    asked = _asked_ms(before[0].retry_after)
    if before[1].at_ms >= asked * _ASKED and now[1].at_ms < asked * _UNASKED:
        message = "a failed request is sent again sooner: what the route asks to wait is passed over"
        yield Told("requests.pause", message, seconds(before[1].at_ms), seconds(now[1].at_ms))


def _asked_ms(retry_after: str) -> float:
    """How long an answer asks to wait, in its own words."""
    return float(retry_after) * 1000 if retry_after.isdecimal() and len(retry_after) < _DIGITS else _DATE_MS


RULE = Rule(
    id="sdk-retries-sooner",
    area="sdk",
    severity=Severity.RISKY,
    summary="a failed request is sent again sooner than with the version before",
    who_breaks="services under a rate limit: retries that come too soon count, and are refused as well",
    hint="pin the version before, or set max_retries to 0 and wait for Retry-After in your own code",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
