"""Vectors of another width (EM03): another model behind the same name."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.request import asked
from gate.observe.vectors import vectored, vectors, width, widths


def check(comparison: Comparison) -> Iterator[Drift]:
    """Widths that no golden sample has; where `dimensions` asked for a width, dimensions-ignored tells it."""
    golden, candidate = comparison.golden, comparison.candidate
    usual = widths(golden)
    for sample, found in vectored(candidate) if usual else ():
        mine = [(i, width(v)) for i, v in enumerate(vectors(found))]
        wrong = [(i, w) for i, w in mine if w is not None and w not in usual]
        if wrong and asked(found, "dimensions") not in list(usual):
            place, now = wrong[0]
            message = f"the vector has {now} numbers; the golden's have {_listed(usual)}"
            yield Drift(
                path=f"data[{place}].embedding",
                message=message,
                golden=f"length {_listed(usual)}",
                candidate=f"length {now}",
                sample=sample,
            )


def _listed(found: frozenset[int]) -> str:
    return " or ".join(map(str, sorted(found)))


RULE = Rule(
    id="vector-length",
    area="embeddings",
    severity=Severity.BREAKING,
    summary="embedding vectors have another length",
    who_breaks="vector stores reject the insert, or mix vectors of two models in one index",
    hint="point the route at the golden's embedding model; another model needs all texts embedded anew",
    check=check,
)
