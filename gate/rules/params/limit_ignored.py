"""The candidate writes beyond the limit that the request sets (PA02)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, choices, numbered
from gate.rules.params._limits import limit, reasoned, written


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where no golden sample exceeds it; tokens of hidden reasoning alone make it risky, not breaking."""
    golden, candidate = comparison.golden, comparison.candidate
    if any(_excess(g) for g in golden) or not any(answered(g) for g in golden):
        return
    for sample, found in numbered(candidate):
        excess = _excess(found) if answered(found) else 0
        if excess:
            # max_tokens of some routes does not count hidden reasoning; a bill does
            severity = None if excess > _hidden(found) else Severity.RISKY
            message = f"{written(found)} tokens came although the request allows {limit(found)}"
            gold = f"at most {limit(found)}"
            yield Drift(
                path="usage.completion_tokens",
                message=message,
                golden=gold,
                candidate=str(written(found)),
                sample=sample,
                severity=severity,
            )


def _hidden(found: Observation) -> int:
    """Tokens of reasoning among the completion tokens; xAI counts them apart."""
    return reasoned(found) if reasoned(found) <= (written(found) or 0) else 0


def _excess(found: Observation) -> int:
    most, came = limit(found), written(found)
    # the limit holds for each choice, the count for all of them together
    return 0 if most is None or came is None else max(0, came - most * max(1, len(choices(found))))


RULE = Rule(
    id="limit-ignored",
    area="params",
    severity=Severity.BREAKING,
    summary="the answer is longer than max_tokens allows",
    who_breaks="cost and latency limits that rely on the parameter; buffers sized by it",
    hint="map the limit to the name that the route honours (max_tokens, max_completion_tokens)",
    check=check,
)
