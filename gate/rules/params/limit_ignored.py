"""The answer is longer than the limit that the request sets (PA02)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, choices
from gate.observe.usage import limit, reasoned, written


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where no golden sample exceeds it; tokens of hidden reasoning alone make it risky, not breaking."""
    if any(map(_excess, comparison.golden)) or not any(map(answered, comparison.golden)):
        return
    for pair in comparison.pairs:
        excess = _excess(pair.candidate) if answered(pair.candidate) else 0
        if excess:
            tokens, most = written(pair.candidate), limit(pair.candidate)
            yield pair.drift(
                path="usage.completion_tokens",
                message=f"the answer has {tokens} tokens; the request allows {most}",
                golden=f"at most {most}",
                candidate=str(tokens),
                # max_tokens of some routes does not count hidden reasoning; a bill does
                severity=None if excess > _hidden(pair.candidate) else Severity.RISKY,
            )


def _hidden(observation: Observation) -> int:
    """Tokens of reasoning among the completion tokens; xAI counts them apart."""
    # a reasoning count above the completion count can't be part of it: then all of the excess is text
    hidden = reasoned(observation) or 0
    return hidden if hidden <= (written(observation) or 0) else 0


def _excess(observation: Observation) -> int:
    """Tokens beyond the limit."""
    most, tokens = limit(observation), written(observation)
    # the limit holds for each choice, the count for all of them together
    return 0 if most is None or tokens is None else max(0, tokens - most * max(1, len(choices(observation))))


RULE = Rule(
    id="limit-ignored",
    area="params",
    # PA02: the caller pays for what the limit should have cut
    severity=Severity.BREAKING,
    summary="the answer is longer than max_tokens allows",
    who_breaks="cost and latency limits that rely on the parameter; buffers sized by it",
    hint="map the limit to the name that the route honours (max_tokens, max_completion_tokens)",
    check=check,
)
