"""Answers share one id (S02): a server that calls every answer the same."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Observation, Rule, Samples, Severity
from gate.observe.answer import answered
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where every golden answer has its own id. The very same bytes again are a cache's, not a new answer."""
    golden, candidate = comparison.golden, comparison.candidate
    gold = [identity for identity, _ in _answers(golden)]
    if len(gold) < 2 or len(set(gold)) < len(gold):
        return
    first: dict[str, Json] = {}
    for identity, said in _answers(candidate):
        if first.setdefault(identity, said) != said:
            evidence = f"{len(gold)} ids in {len(gold)} answers", show(identity, 80)
            yield Drift(
                path="id", message="different answers have the same id", golden=evidence[0], candidate=evidence[1]
            )
            return


def _answers(samples: Samples) -> list[tuple[str, Json]]:
    """(id, what was said under it) of each answer that has one; an empty id is value-not-allowed's."""
    return [(str(o.answer.id), _said(o)) for o in samples if answered(o) and o.answer and o.answer.id]


def _said(found: Observation) -> Json:
    return [event.doc for event in found.events] if found.form == "stream" else found.body


RULE = Rule(
    id="id-repeated",
    area="schema",
    severity=Severity.RISKY,
    summary="several answers have the same id",
    who_breaks="traces, stores and logs keyed by id overwrite one answer with another",
    hint="let the server mint an id for each answer",
    check=check,
)
