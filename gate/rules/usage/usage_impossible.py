"""A count of usage that cannot be: negative, or beyond 32 bits (US14)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.scopes import has_usage
from gate.observe.usage import COMPLETION, reported
from gate.wire.shape import show

# The longest context that any vendor has announced is 100 million tokens (https://magic.dev/blog/100m-token-context-windows);
# counts of typed clients have 32 bits, with or without a sign. 2,184 recorded exchanges have 151,657 at most.
_BEYOND = 100_000_000
# No vendor lets a model write a million tokens: 128,000 are the most of https://platform.openai.com/docs/models, and
# 3,000 of the recorded exchanges.
_LONGEST = 1_000_000


def check(comparison: Comparison) -> Iterator[Drift]:
    """At any depth of the usage object."""
    for pair, (path, count) in unseen(comparison, _impossible):
        yield pair.drift(
            path=path,
            message=f"{path.rpartition('.')[2]} is {_fault(count)}",
            golden="a count of tokens",
            candidate=show(count, 80),
            # such a count fits every type
            severity=Severity.RISKY if 0 <= count < _BEYOND else None,
        )


def _impossible(observation: Observation) -> tuple[str, int] | None:
    found = list(_counts(reported(observation), "usage"))
    beyond = next((known for known in found if not 0 <= known[1] < _BEYOND), None)
    return beyond or next((known for known in found if known[0] in _WRITTEN and known[1] >= _LONGEST), None)


_WRITTEN = frozenset(f"usage.{name}" for name in COMPLETION)


def _fault(count: int) -> str:
    if 0 <= count < _BEYOND:
        return "more than any model writes"
    return "negative" if count < 0 else "beyond every context"


def _counts(value: Json, path: str) -> Iterator[tuple[str, int]]:
    for key, count in value.items() if isinstance(value, dict) else ():
        if type(count) is int and "token" in key:
            yield f"{path}.{key}", count
        elif path == "usage":
            yield from _counts(count, f"{path}.{key}")


RULE = Rule(
    id="usage-impossible",
    area="usage",
    # US14: typed clients fail to decode the answer; -1 comes from a counter that was never set
    severity=Severity.BREAKING,
    summary="usage has a negative count, or one that no context can hold",
    who_breaks="typed clients (Rust, C#) reject the whole answer; budgets grow by each call",
    hint="leave usage out where it is not known, and count in the gateway",
    check=check,
    where=has_usage,
)
