"""No answer, or no end of it, within the route's timeouts."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Rule, Severity
from gate.observe.answer import ended
from gate.rules.transport._endings import ending, unseen_endings


def check(comparison: Comparison) -> Iterator[Drift]:
    """A stall before the first byte or between two of them; one after a stream's own end is stream-not-closed's."""
    for pair in unseen_endings(comparison, Ending.TIMEOUT):
        if not ended(pair.candidate):
            none = pair.candidate.form == "none"
            yield pair.drift(
                path="body",
                message="no response came in time" if none else "the answer stalled before its end",
                golden="a complete answer",
                candidate=ending(pair.candidate),
            )


RULE = Rule(
    id="no-answer-in-time",
    area="transport",
    # LA02's end: the request is sent again, and paid twice
    severity=Severity.BREAKING,
    summary="the answer was not complete within the timeouts",
    who_breaks="clients time out and send the same again, which is paid twice",
    hint="see whether the route queues or buffers; compare with timeouts in gate.yaml",
    check=check,
)
