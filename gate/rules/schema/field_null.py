"""null where no golden sample has it and clients expect a value (S26)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gate.model import Comparison, Drift, Pair, Rule, Severity
from gate.observe.answer import grammar
from gate.rules.owners import owner
from gate.rules.schema._fields import Difference, differing, differs
from gate.rules.schema._places import first, golden_value
from gate.rules.schema._violations import forbidden, violations
from gate.wire.paths import name, parent, untyped
from gate.wire.shape import indexless, show

_NULL = frozenset({"null"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Learned from the golden; the schema adds what the golden had no occasion to show."""
    for pair in comparison.answers:
        # what other rules own they judge where an endpoint's schema says what it is
        known = bool(grammar(pair.candidate).path)
        nulls = [d for d in differing(comparison, pair, "null") if not (known and owner(d.path, "null"))]
        yield from (_learned(pair, _weighed(comparison, difference)) for difference in nulls)
        yield from _forbidden(pair, {untyped(difference.path) for difference in nulls})


def _weighed(comparison: Comparison, difference: Difference) -> Difference:
    """The difference, risky where no candidate sample has a value there, of an API that no schema of ours describes."""
    if grammar(comparison.golden[0]).path or difference.severity != Severity.INFO:
        return difference
    shapes = [pair.candidate.shape for pair in comparison.pairs]
    gone = all(difference.path in shape and shape[difference.path].types == _NULL for shape in shapes)
    return replace(difference, severity=Severity.RISKY) if gone else difference


def _learned(pair: Pair, difference: Difference) -> Drift:
    place, value = first(pair.candidate, difference.path, _NULL), show(golden_value(pair, difference.path), 80)
    subject = (
        f"an entry of {name(parent(difference.path))}" if difference.path.endswith("[]") else name(difference.path)
    )
    drift = differs(pair, difference, place, message="", golden=value, candidate="null")
    return replace(drift, message=f"{subject} is null; no golden sample has null there")


def _forbidden(pair: Pair, reported: set[str]) -> Iterator[Drift]:
    for violation in violations(pair, "null"):
        if indexless(violation.path) not in reported:
            message = f"is null; it {violation.detail}"
            yield forbidden(pair, violation, message=message, golden="never null", candidate="null")


RULE = Rule(
    id="field-null",
    area="schema",
    # for required fields; S26 is risky by the schema's x-missing of `model`: null weighs as much as absent
    severity=Severity.BREAKING,
    summary="a field is null where the golden never has null",
    who_breaks="typed clients reject null; `NoneType has no attribute` where the value is used",
    hint="send the value, or leave null to the fields that the API documents as nullable",
    check=check,
)
