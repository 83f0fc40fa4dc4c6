"""The number of calls: several where the request allows one, or never more than one where the golden has several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gate.model import Comparison, Drift, Observation, Pair, Rule, Samples, Severity
from gate.observe.answer import answered, choices
from gate.observe.request import asked
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import calls_path, first_call, merged


def check(comparison: Comparison) -> Iterator[Drift]:
    """`parallel_tool_calls: false` forbids a second call; without it, only several samples show a rate."""
    usual = [_most(observation) for observation in comparison.golden]
    counts = [_most(observation) for observation in comparison.candidate]
    for pair, count in zip(comparison.pairs, counts, strict=True):
        if asked(pair.candidate, "parallel_tool_calls") is False and count > 1 >= max(usual):
            message = "several tool calls although parallel_tool_calls is false"
            yield _drift(pair, message, "one call", f"{count} calls")
    # merged calls are tool-index's
    fewer = min(usual) > 1 and set(counts) == {1} and not any(map(merged, comparison.candidate))
    if fewer and _several(comparison.golden, usual):
        message = "never more than one tool call; the golden always has several"
        drift = _drift(comparison.pairs[0], message, f"{min(usual)} to {max(usual)} calls", "1 call")
        # all samples together show it; one of them alone is the model's choice (B26)
        yield replace(drift, sample=None, suspicion=not _several(comparison.candidate, counts))


def _several(samples: Samples, counts: list[int]) -> bool:
    """Whether two samples at least show it; the twin's count where all of them show it too."""
    twin = [_most(observation) for observation in samples.twin if answered(observation)]
    return len(counts) > 1 or (bool(twin) and all((count > 1) == (counts[0] > 1) for count in twin))


def _drift(pair: Pair, message: str, golden: str, candidate: str) -> Drift:
    path = next(calls_path(choice) for choice in choices(pair.candidate) if choice.tool_calls)
    return pair.drift(path=path, message=message, golden=golden, candidate=candidate, at=first_call(pair.candidate))


def _most(observation: Observation) -> int:
    """The calls of the choice that has most."""
    counts = (len(choice.tool_calls) for choice in choices(observation)) if answered(observation) else ()
    return max(counts, default=0)


RULE = Rule(
    id="tool-call-count",
    area="tools",
    # PA05's silent form: most clients loop over calls, those that take the first lose the others
    severity=Severity.RISKY,
    summary="an answer has more tool calls than the request allows, or always one where the golden has several",
    who_breaks="code for one call runs the first and ignores the rest; a fan-out becomes one round trip for each call",
    hint="check that the gateway passes parallel_tool_calls on, and that its parser keeps every call",
    check=check,
    where=has_calls,
)
