"""How many calls an answer brings: several where one was asked for, never more than one where the golden has many."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, choices, numbered
from gate.observe.request import asked
from gate.rules.tools._calls import first_call, merged


def check(comparison: Comparison) -> Iterator[Drift]:
    """`parallel_tool_calls: false` is a promise; under `true` only several samples on each side tell a rate."""
    golden, candidate = comparison.golden, comparison.candidate
    usual, now = [_most(g) for g in golden], [_most(found) for found in candidate]
    for sample, found in numbered(candidate):
        if asked(found, "parallel_tool_calls") is False and now[sample] > 1 >= max(usual):
            message = "several tool calls although parallel_tool_calls is false"
            yield _drift(message, "one call", f"{now[sample]} calls", sample, found)
    if min(len(usual), len(now)) > 1 and min(usual) > 1 and set(now) == {1} and not any(map(merged, candidate)):
        message = "never more than one tool call; the golden always has several"
        yield _drift(message, f"{min(usual)} to {max(usual)} calls", "1 call", None, candidate[0])


def _drift(message: str, gold: str, mine: str, sample: int | None, found: Observation) -> Drift:
    choice = next(c for c in choices(found) if c.tool_calls)
    path = "output" if choice.path == "output" else f"{choice.path}.tool_calls"
    return Drift(
        path=path,
        message=message,
        golden=gold,
        candidate=mine,
        sample=sample,
        severity=None,
        frame=first_call(found)[0],
        byte=first_call(found)[1],
    )


def _most(found: Observation) -> int:
    return max((len(c.tool_calls) for c in choices(found)), default=0) if answered(found) else 0


RULE = Rule(
    id="tool-call-count",
    area="tools",
    severity=Severity.RISKY,
    summary="an answer brings more tool calls than the request allows, or never the several that the golden brings",
    who_breaks="code for one call runs the first and forgets the rest; fan-out becomes one round trip for each call",
    hint="check that the gateway passes parallel_tool_calls on, and that its parser keeps every call",
    check=check,
)
