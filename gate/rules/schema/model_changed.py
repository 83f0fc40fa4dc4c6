"""The answer's `model` is not the one that was asked for (S25)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered
from gate.observe.request import asked
from gate.rules.schema._models import named, same_model
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where every golden answer names its own request's model: each side is held to what was asked of it."""
    golden = [sample for sample in comparison.golden if answered(sample)]
    if not golden or not all(map(_echoes, golden)):
        return
    for pair in comparison.pairs:
        said = named(pair.candidate)
        if answered(pair.candidate) and said and not _echoes(pair.candidate):
            requested = show(asked(pair.candidate, "model"), 60)
            yield pair.drift(
                path="model",
                message=f"model is {show(said, 60)}; the request asked for {requested}",
                golden=f"{show(named(golden[0]), 60)}, as asked",
                candidate=show(said, 60),
            )


def _echoes(observation: Observation) -> bool:
    requested, said = asked(observation, "model"), named(observation)
    return isinstance(requested, str) and bool(said) and same_model(requested, said)


RULE = Rule(
    id="model-changed",
    area="schema",
    # S25 has one client that refuses (Claude Desktop, by a 401) and many that book the wrong price
    severity=Severity.RISKY,
    summary="the answer names another model than the request",
    who_breaks="cost tables without the name count the answer as free; routers and multiplexers reject or misroute it",
    hint="let the gateway echo the requested alias in model",
    check=check,
    needs=("request",),
)
