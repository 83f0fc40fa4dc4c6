"""Different answers have the same id (S02)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Rule, Samples, Severity
from gate.observe.answer import answered
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where every golden answer has its own id. The same bytes again come from a cache and are no new answer."""
    golden = [identity for identity, _ in _answers(comparison.golden)]
    # two answers at least: one id proves nothing (a row); recorders may replace all ids by one
    if len(golden) < 2 or len(set(golden)) < len(golden):
        return
    first: dict[str, Json] = {}
    for identity, document in _answers(comparison.candidate):
        if first.setdefault(identity, document) != document:
            yield Drift(
                path="id",
                message="different answers have the same id",
                golden=f"{len(golden)} ids in {len(golden)} answers",
                candidate=show(identity, 80),
            )
            return


def _answers(samples: Samples) -> Iterator[tuple[str, Json]]:
    """(id, body or chunks) of each answer that has an id; an empty id is reported by value-empty."""
    for sample in samples:
        if answered(sample) and sample.answer and sample.answer.id:
            stream = sample.form == "stream"
            yield str(sample.answer.id), [event.doc for event in sample.events] if stream else sample.body


RULE = Rule(
    id="id-repeated",
    area="schema",
    # S02: logs and traces are overwritten, the answer itself is read as before
    severity=Severity.RISKY,
    summary="several answers have the same id",
    who_breaks="traces, stores and logs keyed by id overwrite one answer with another",
    hint="let the server make a new id for each answer",
    check=check,
)
