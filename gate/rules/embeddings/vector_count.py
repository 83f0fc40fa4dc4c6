"""More or fewer vectors than inputs (EM10)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_vectors
from gate.observe.vectors import inputs, vectored, vectors


def check(comparison: Comparison) -> Iterator[Drift]:
    """One vector for each input, as the golden has it."""
    # an answer without any vector is no measure: field-missing and the error rules judge it
    usual = {len(vectors(golden)) for golden in comparison.golden} - {0}
    for pair in vectored(comparison) if usual else ():
        count, texts = len(vectors(pair.candidate)), inputs(pair.candidate)
        if count not in usual:
            yield pair.drift(
                path="data",
                message=f"{count} vectors" + (f" for {len(texts)} inputs" if texts else ""),
                golden=f"{' or '.join(map(str, sorted(usual)))} vectors",
                candidate=f"{count} vectors",
            )


RULE = Rule(
    id="vector-count",
    area="embeddings",
    severity=Severity.BREAKING,
    summary="the number of vectors differs from the number of inputs",
    who_breaks="callers that zip texts and vectors lose texts, or give them another text's vector",
    hint="check how the gateway splits and joins batches, and what it does with empty or equal texts",
    check=check,
    where=has_vectors,
)
