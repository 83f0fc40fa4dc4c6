"""The text of a done or completed event is not what the deltas said (RS15)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Drift, Observation, Problem, Rule, Samples, Severity
from gate.questions import comparable, numbered

_CODES = frozenset({"done-differs-from-deltas", "completed-differs-from-deltas"})


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """The first place of each sample; a golden that does it too is not worse."""
    for sample, found in numbered(candidate):
        like, problems = comparable(golden, found), _problems(found)
        if problems and like and not any(map(_problems, like)):
            # done and completed repeat each other: the first tells enough
            first = problems[0]
            message = f"{first.path} differs from the deltas before it"
            yield Drift(first.path, message, "the same text", first.detail, sample, None, first.frame)


def _problems(found: Observation) -> list[Problem]:
    return [problem for problem in found.problems if problem.code in _CODES]


RULE = Rule(
    id="done-differs-from-deltas",
    area="responses",
    severity=Severity.RISKY,
    summary="the final text differs from the streamed text",
    who_breaks="the screen and the stored transcript disagree; so do arguments that were parsed while they came",
    hint="apply stop trimming and guardrails to deltas and done events alike",
    check=check,
)
