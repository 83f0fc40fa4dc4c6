"""A count of usage that cannot be: negative, or beyond 32 bits (US14)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.usage import reported
from gate.wire.shape import show

# The longest context that any vendor has announced is 100 million tokens (https://magic.dev/blog/100m-token-context-windows);
# counts of typed clients have 32 bits, with or without a sign. 2,184 recorded exchanges have 151,657 at most.
_BEYOND = 100_000_000


def check(comparison: Comparison) -> Iterator[Drift]:
    """At any depth of the usage object."""
    for pair, (path, count) in unseen(comparison, _impossible):
        yield pair.drift(
            path=path,
            message=f"{path.rpartition('.')[2]} is {'negative' if count < 0 else 'beyond every context'}",
            golden="a count of tokens",
            candidate=show(count, 80),
        )


def _impossible(observation: Observation) -> tuple[str, int] | None:
    found = (known for known in _counts(reported(observation), "usage") if not 0 <= known[1] < _BEYOND)
    return next(found, None)


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
)
