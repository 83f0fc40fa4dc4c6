"""sdk-retries-changed: the same failure is sent another number of times.

A 429 with `Retry-After: 70` was sent three times by openai-python 2 and once by 3 (openai/openai-python#3555); for Node
see openai/openai-node#1840.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gate.model import Comparison, Drift, Post, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts
from gate.text.plural import count

# Times. The official SDKs send a failed request three times (max_retries=2: https://github.com/openai/openai-python#retries);
# more than twice that is another policy.
_MANY = 2


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls that cost another number of requests."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    before, now = call.golden.posts, call.candidate.posts
    if before and len(before) != len(now) and not _cut_short(call):
        severity = Severity.BREAKING if len(now) > _MANY * max(len(before), 3) else Severity.RISKY
        message = f"one call makes {count(len(now), 'request')} instead of {len(before)}"
        yield Told("requests", message, count(len(before), "request"), _times(now), severity)


def _cut_short(call: Call) -> bool:
    """Whether no number can be told: it made no call at all, or both still sent when the time of a call was over, and
    where clients add a random part to their pauses, the clock decides how often."""
    outcomes = (call.golden.outcome, call.candidate.outcome)
    several = min(len(call.golden.posts), len(call.candidate.posts)) > 1
    return outcomes[1] == "unusable" or (outcomes == ("waiting", "waiting") and several)


def _times(posts: Sequence[Post]) -> str:
    # eight times fit a line; whole seconds, because clients add a random part to their pauses
    after = ", ".join(f"{post.at_ms / 1000:.0f}" for post in posts[:8])
    return f"{count(len(posts), 'request')}, after {after} s" if posts else "no request"


RULE = Rule(
    id="sdk-retries-changed",
    area="sdk",
    severity=Severity.RISKY,
    summary="one call of the application makes another number of requests",
    who_breaks="budgets and rate limits, which count each retry; with fewer, failures show that were hidden",
    hint="set max_retries in the client instead of relying on the SDK's default",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
