"""What one stream should have once changes from chunk to chunk: its id (ST10), `created` (ST17), the model."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, ProblemCode, Rule, Severity
from gate.observe.alignment import unseen_problems
from gate.observe.scopes import has_streams
from gate.rules.stream._streams import problem_drift

_SEVERITIES = {
    ProblemCode.ID_CHANGED: Severity.RISKY,
    ProblemCode.CREATED_CHANGED: Severity.INFO,
    ProblemCode.MODEL_CHANGED: Severity.INFO,
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Chunks without an id or without choices are not counted: Azure's first frame has neither."""
    golden_brief = all(map(_brief, comparison.golden))
    for pair in comparison.answers:
        for problem in unseen_problems(pair, _SEVERITIES):
            if problem.code != ProblemCode.CREATED_CHANGED or not golden_brief:
                name, severity = problem.path, _SEVERITIES[problem.code]
                yield problem_drift(pair, problem, f"{name} changes within one stream", f"one {name}", severity)


def _brief(observation: Observation) -> bool:
    """Over within a second: llama.cpp writes each chunk's own time into `created`, which a brief stream hides."""
    # 1,000 ms: `created` counts whole seconds, so that a shorter stream need not show a change
    return observation.timing.spread is not None and observation.timing.spread < 1000


RULE = Rule(
    id="stream-id-changes",
    area="stream",
    # ST10's aggregators drop chunks under another id; ST17's `created` and the name of the model only confuse logs
    severity=Severity.RISKY,
    summary="the chunks of one stream have different ids, created times or models",
    who_breaks="aggregators keyed by id keep the first and drop the rest; logs show one answer as many",
    hint="give all chunks the id of the first, keep-alive chunks among them",
    check=check,
    where=has_streams,
)
