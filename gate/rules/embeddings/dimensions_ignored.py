"""`dimensions` is accepted and ignored (EM03)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.request import asked
from gate.observe.vectors import vectored, widths


def check(comparison: Comparison) -> Iterator[Drift]:
    """Another width than was asked for, where the golden keeps to it."""
    golden, candidate = comparison.golden, comparison.candidate
    usual = widths(golden)
    for sample, found in vectored(candidate):
        wanted, now = asked(found, "dimensions"), widths((found,))
        if type(wanted) is int and usual == {wanted} and now - usual:
            wrong = min(now - usual)
            message = f"dimensions {wanted} is ignored: the vectors have length {wrong}"
            yield Drift(
                path="data[0].embedding",
                message=message,
                golden=f"length {wanted}",
                candidate=f"length {wrong}",
                sample=sample,
            )


RULE = Rule(
    id="dimensions-ignored",
    area="embeddings",
    severity=Severity.BREAKING,
    summary="the vectors are not as long as `dimensions` asks",
    who_breaks="vector stores that were made for the shorter vectors reject every insert",
    hint="use a model that can shorten its vectors, and check that the gateway passes dimensions on",
    check=check,
)
