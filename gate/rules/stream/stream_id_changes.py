"""What one stream has once changes from chunk to chunk: its id (ST10), `created` (ST17), the model."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, ProblemCode, Rule, Severity
from gate.rules.stream._streams import drift, event_at, unseen_problems

_SEVERITY = {
    ProblemCode.ID_CHANGED: Severity.RISKY,
    ProblemCode.CREATED_CHANGED: Severity.INFO,
    ProblemCode.MODEL_CHANGED: Severity.INFO,
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Chunks without an id or without choices are not counted: Azure's first frame has neither."""
    golden, candidate = comparison.golden, comparison.candidate
    for stream, problem in unseen_problems(golden, candidate, *_SEVERITY):
        if problem.code == ProblemCode.CREATED_CHANGED and all(_brief(found) for found in golden):
            continue
        event = event_at(stream, problem.frame)
        message, severity = f"{problem.path} changes within one stream", _SEVERITY[problem.code]
        yield drift(stream, event, problem.path, message, f"one {problem.path}", problem.detail, severity)


def _brief(found: Observation) -> bool:
    """Over within a second: a route that writes the time of each chunk into `created` (llama.cpp) seldom shows it."""
    return found.timing.spread is not None and found.timing.spread < 1000


RULE = Rule(
    id="stream-id-changes",
    area="stream",
    severity=Severity.RISKY,
    summary="the chunks of one stream do not share one id, created or model",
    who_breaks="aggregators keyed by id keep the first and drop the rest; logs show one answer as many",
    hint="give all chunks the id of the first, keep-alive chunks among them",
    check=check,
)
