"""Vectors of another width (EM03): another model is behind the name."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.request import asked
from gate.observe.scopes import has_vectors
from gate.observe.vectors import vectored, vectors, width, widths


def check(comparison: Comparison) -> Iterator[Drift]:
    """Widths that no golden sample has; where the request sets `dimensions`, this is dimensions-ignored's."""
    usual = widths(comparison.golden)
    known = " or ".join(map(str, sorted(usual)))
    for pair in vectored(comparison) if usual else ():
        # without decoding: S21's row has integers that no float holds, and they count as numbers of the vector
        lengths = enumerate(map(width, vectors(pair.candidate)))
        wrong = next(((i, length) for i, length in lengths if length is not None and length not in usual), None)
        # a list: the request may hold anything, so it may have no hash
        if wrong and asked(pair.candidate, "dimensions") not in list(usual):
            position, length = wrong
            yield pair.drift(
                path=f"data[{position}].embedding",
                message=f"the vector has {length} numbers; the golden's have {known}",
                golden=f"length {known}",
                candidate=f"length {length}",
            )


RULE = Rule(
    id="vector-length",
    area="embeddings",
    severity=Severity.BREAKING,
    summary="embedding vectors have another length",
    who_breaks="vector stores reject the insert, or mix vectors of two models in one index",
    hint="point the route at the golden's embedding model; for another model, embed all texts again",
    check=check,
    where=has_vectors,
)
