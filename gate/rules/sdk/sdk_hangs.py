"""sdk-hangs: the call does not come back in the time that the golden's version took, or ends the process."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts, words

_LOST = ("waiting", "exited")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls that ended and now wait, or end the process."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    if call.candidate.outcome in _LOST and call.golden.outcome not in (*_LOST, "unusable"):
        message = "the application gets neither an answer nor an exception"
        yield Told("end", message, words(call.golden), words(call.candidate))


RULE = Rule(
    id="sdk-hangs",
    area="sdk",
    severity=Severity.BREAKING,
    summary="a call that ended with the version before still waits, or ends the process",
    who_breaks="workers that wait for the call: they are stuck, or gone",
    hint="set a timeout and max_retries of your own; the requests of the call are in the finding on retries",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
