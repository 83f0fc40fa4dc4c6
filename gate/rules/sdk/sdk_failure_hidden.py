"""sdk-failure-hidden: a broken answer raised before, and passes for a whole one now.

Clients differ in what a cut stream is to them (openai/openai-python#3811); an application that is told nothing stores
half an answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts, words


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls that raised and return now; of an answer that is whole, the version before was wrong to raise."""
    whole = all(map(_whole, comparison.golden))
    return drifts(comparison, lambda call: _call(call, whole))


def _call(call: Call, whole: bool) -> Iterator[Told]:
    if call.golden.error and call.candidate.outcome == "returned":
        message = "a whole answer raised before" if whole else "an exception of the version before is an answer now"
        severity = Severity.INFO if whole else None
        yield Told("error", message, words(call.golden), words(call.candidate), severity)


def _whole(observation: Observation) -> bool:
    """Whether it was served as it was recorded, and that was an answer. The name of a scenario has its fault."""
    served = "!" not in observation.scenario and observation.answer is not None and not observation.problems
    return served and observation.ending == "complete"


RULE = Rule(
    id="sdk-failure-hidden",
    area="sdk",
    severity=Severity.BREAKING,
    summary="the SDK returns an answer where the version before raised",
    who_breaks="code that relies on the exception: a cut or refused answer is taken for a whole one",
    hint="check finish_reason and the end of the stream yourself before the answer is used",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
