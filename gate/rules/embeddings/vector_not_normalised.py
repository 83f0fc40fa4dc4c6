"""Vectors whose length is not 1, where the golden's are of length 1."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.vectors import decoded, norm, vectored, vectors

_SLACK = 0.02  # float16 and rounding in JSON


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first vector of each sample: a route normalises all or none."""
    golden, candidate = comparison.golden, comparison.candidate
    usual = [n for g in golden if (n := _norm(g))]
    if not usual or any(abs(n - 1) > _SLACK for n in usual):
        return
    for sample, found in vectored(candidate):
        now = _norm(found)
        if now and abs(now - 1) > _SLACK:
            message = "the vectors are not normalised: their norm is not 1"
            yield Drift(
                path="data[0].embedding",
                message=message,
                golden=f"norm {usual[0]:.3f}",
                candidate=f"norm {now:.3g}",
                sample=sample,
            )


def _norm(found: Observation) -> float:
    """The Euclidean length of the first vector; 0 where there is none."""
    vector = decoded(vectors(found)[0]) if vectors(found) else None
    return norm(vector) if vector else 0.0


RULE = Rule(
    id="vector-not-normalised",
    area="embeddings",
    severity=Severity.RISKY,
    summary="embedding vectors are not of length 1",
    who_breaks="stores that rank by dot product: long vectors win over near ones",
    hint="switch on normalisation in the server, or normalise after `dimensions` shortened the vectors",
    check=check,
)
