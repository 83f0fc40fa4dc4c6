"""`dimensions` is accepted and ignored (EM03)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.request import asked
from gate.observe.scopes import has_vectors
from gate.observe.vectors import vectored, widths


def check(comparison: Comparison) -> Iterator[Drift]:
    """Another width than the request asks for, where the golden has that width."""
    usual = widths(comparison.golden)
    for pair in vectored(comparison):
        requested, wrong = asked(pair.candidate, "dimensions"), widths((pair.candidate,)) - usual
        # type, not isinstance: true is an int in Python
        # where the golden has another width than asked for, its clients never relied on `dimensions`
        if type(requested) is int and usual == {requested} and wrong:
            yield pair.drift(
                path="data[0].embedding",
                message=f"dimensions {requested} is ignored: the vectors have length {min(wrong)}",
                golden=f"length {requested}",
                candidate=f"length {min(wrong)}",
            )


RULE = Rule(
    id="dimensions-ignored",
    area="embeddings",
    severity=Severity.BREAKING,
    summary="the vectors do not have the length that `dimensions` asks for",
    who_breaks="vector stores created for the shorter vectors reject every insert",
    hint="use a model that can shorten its vectors, and check that the gateway passes dimensions on",
    check=check,
    where=has_vectors,
)
