"""What a done or completed event says is not what the events before it said (RS15)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Problem, ProblemCode, Rule, Severity
from gate.observe.answer import comparable, numbered

_SAYS = {
    ProblemCode.DONE_DIFFERS_FROM_DELTAS: ("differs from the deltas before it", "the same text", None),
    ProblemCode.ITEM_CHANGED: ("is not what the item was added with", "the same", Severity.BREAKING),
    ProblemCode.COMPLETED_WITHOUT_ITEMS: (
        "is empty, although items were sent before",
        "all items again",
        Severity.BREAKING,
    ),
}
# Codex and the AI SDK run the call that output_item.done holds
_RUN = "response.output_item.done.item.arguments"


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first place of each sample; a golden that does it too is not worse."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        like = comparable(golden, found)
        known = {problem.code for g in like for problem in _problems(g)}
        # done and completed repeat each other: the first of each kind tells enough
        news = {problem.code: problem for problem in reversed(_problems(found)) if problem.code not in known}
        for code, problem in news.items() if like else ():
            words, gold, severity = _SAYS[code]
            if problem.path == _RUN:
                severity = Severity.BREAKING
            yield Drift(
                path=problem.path,
                message=f"{problem.path} {words}",
                golden=gold,
                candidate=problem.detail,
                sample=sample,
                severity=severity,
                frame=problem.frame,
            )


def _problems(found: Observation) -> list[Problem]:
    return [problem for problem in found.problems if problem.code in _SAYS]


RULE = Rule(
    id="done-differs-from-deltas",
    area="responses",
    severity=Severity.RISKY,
    summary="the end of a stream says something else than its beginning",
    who_breaks="the screen and the stored transcript disagree; so do arguments that were parsed while they came",
    hint="apply stop trimming and guardrails to deltas and done events alike",
    check=check,
)
