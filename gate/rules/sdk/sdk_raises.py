"""sdk-raises: the same bytes were an answer for the golden's version, and are an exception for the candidate's."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts, words


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls that returned and raise now."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    if call.golden.outcome == "returned" and call.candidate.error:
        message = f"raises where an answer was returned: {call.candidate.error.message}"
        yield Told("error", message, words(call.golden), words(call.candidate))


RULE = Rule(
    id="sdk-raises",
    area="sdk",
    severity=Severity.BREAKING,
    summary="the SDK raises where the version before returned an answer",
    who_breaks="every caller of the method: it gets an exception for the same answer",
    hint="read the changelog of the SDK for this method; change the call, or keep the version before",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
