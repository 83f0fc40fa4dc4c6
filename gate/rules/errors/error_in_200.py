"""An error as the body of a success (ER06, T21)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import carries_error, numbered
from gate.rules.errors._failures import described
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Plain bodies only; what comes inside a stream is told by the stream's rules. `"error": null` is no error."""
    golden, candidate = comparison.golden, comparison.candidate
    if any(map(_hidden, golden)):
        return
    for sample, found in numbered(candidate):
        if _hidden(found):
            message = f"status {found.status} with an error in place of the answer"
            gold = "an answer" if golden[0].ok else described(golden[0])
            yield Drift(path="error", message=message, golden=gold, candidate=show(found.error), sample=sample)


def _hidden(found: Observation) -> bool:
    return found.ok and found.form == "json" and carries_error(found)


RULE = Rule(
    id="error-in-200",
    area="errors",
    severity=Severity.BREAKING,
    summary="a success status hides an error",
    who_breaks="SDKs neither raise nor retry; code that reads choices[0] stumbles over None",
    hint="let the gateway answer with the upstream's status",
    check=check,
)
