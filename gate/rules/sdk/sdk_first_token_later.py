"""sdk-first-token-later: the application sees the first token of a stream later, though the server sent it when it did.

A wrapper that collects what it should hand on, or a request that is sent late: the same bytes at the same times.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts, seconds

# chosen: a second is felt, and what a busy machine adds is not three times as much. The paced stream pauses for 1.5 s
# after its first token, so that one who waits for the end is seen.
_MS = 1000.0
_TIMES = 3.0
# What came later than this before was late by the server's doing, or after a retry, whose pause has a random part.
_AT_ONCE_MS = 900.0


def check(comparison: Comparison) -> Iterator[Drift]:
    """Streams whose first token comes a second later, and three times as late."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    before, now = call.golden.first_ms, call.candidate.first_ms
    if before is None or now is None or before >= _AT_ONCE_MS:
        return
    if now >= before + _MS and now >= before * _TIMES:
        message = "the application sees the first token later"
        yield Told("stream.first_token", message, f"after {seconds(before)}", f"after {seconds(now)}")


RULE = Rule(
    id="sdk-first-token-later",
    area="sdk",
    severity=Severity.RISKY,
    summary="the SDK hands on the first token of a stream later than the version before",
    who_breaks="people who watch an answer appear, and timeouts on the first token",
    hint="look for a wrapper that collects the stream; where the SDK itself does, keep the version before",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
