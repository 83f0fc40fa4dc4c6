"""Vectors whose length is not 1, where the golden's are of length 1."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.scopes import has_vectors
from gate.observe.vectors import decoded, norm, vectored, vectors

# float16 (11 bits) moves a norm by 0.0005 at most, rounding in JSON by less; "rounded to float16" is a row, and all of
# 147 recorded vectors stay within 0.001.
# Outside are vectors shortened by `dimensions` alone (norms of 5 and 0.1 in the rows).
# OpenAI's are of length 1: https://platform.openai.com/docs/guides/embeddings#which-distance-function-should-i-use
_SLACK = 0.02


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first vector of each sample: a route normalises all or none."""
    usual = [length for golden in comparison.golden if (length := _norm(golden))]
    if not usual or not all(map(_is_one, usual)):
        return
    for pair in vectored(comparison):
        length = _norm(pair.candidate)
        if length and not _is_one(length):
            yield pair.drift(
                path="data[0].embedding",
                message="the vectors are not normalised: their norm is not 1",
                golden=f"norm {usual[0]:.3f}",
                candidate=f"norm {length:.3g}",
            )


def _is_one(length: float) -> bool:
    return abs(length - 1) <= _SLACK


def _norm(observation: Observation) -> float:
    """The Euclidean length of the first vector; 0 where there is none."""
    vector = decoded(vectors(observation)[0]) if vectors(observation) else None
    return norm(vector) if vector else 0.0


RULE = Rule(
    id="vector-not-normalised",
    area="embeddings",
    # cosine distance does not see the length, only the dot product does
    severity=Severity.RISKY,
    summary="embedding vectors are not of length 1",
    who_breaks="stores that rank by dot product put long vectors before near ones",
    hint="switch on normalisation in the server, or normalise after `dimensions` shortened the vectors",
    check=check,
    where=has_vectors,
)
