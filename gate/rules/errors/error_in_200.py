"""An error as the body of a success (ER06, T21)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import carries_error
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import described
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Plain bodies only; errors inside a stream are left to the stream's rules. `"error": null` is not an error."""
    if any(map(_hidden, comparison.golden)):
        return
    first = comparison.golden[0]
    for pair in comparison.pairs:
        if _hidden(pair.candidate):
            yield pair.drift(
                path="error",
                message=f"status {pair.candidate.status} with an error instead of an answer",
                golden="an answer" if first.ok else described(first),
                candidate=show(pair.candidate.error),
            )


def _hidden(observation: Observation) -> bool:
    return observation.ok and observation.form == "json" and carries_error(observation)


RULE = Rule(
    id="error-in-200",
    area="errors",
    # neither an exception nor a retry (ER06): code goes on with an answer that is none
    severity=Severity.BREAKING,
    summary="a success status hides an error",
    who_breaks="SDKs neither raise nor retry; code that reads choices[0] fails on None",
    hint="let the gateway answer with the upstream's status",
    check=check,
    where=has_failures,
)
