"""Vectors whose length is not 1, where the golden's are of length 1."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from gate.model import Comparison, Drift, Json, Rule, Severity
from gate.observe.scopes import has_vectors
from gate.observe.vectors import MAX_VECTORS, decoded, norm, vectored, vectors

# float16 (11 bits) moves a norm by 0.0005 at most, rounding in JSON by less; "rounded to float16" is a row, and all of
# 147 recorded vectors stay within 0.001.
# Outside are vectors shortened by `dimensions` alone (norms of 5 and 0.1 in the rows).
# OpenAI's are of length 1: https://platform.openai.com/docs/guides/embeddings#which-distance-function-should-i-use
_SLACK = 0.02


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first vector that is not, of those whose golden ones are: a balancer may send a text to another worker."""
    known = [vector for golden in comparison.golden for vector in vectors(golden)[:MAX_VECTORS]]
    usual = [length for vector in known if (length := _length(vector))]
    if not usual or not all(map(_is_one, usual)):
        return
    for pair in vectored(comparison):
        lengths = enumerate(map(_length, vectors(pair.candidate)[:MAX_VECTORS]))
        for place, length in islice(((i, length) for i, length in lengths if length and not _is_one(length)), 1):
            yield pair.drift(
                path=f"data[{place}].embedding",
                message="the vectors are not normalised: their norm is not 1",
                golden=f"norm {usual[0]:.3f}",
                candidate=f"norm {length:.3g}",
            )


def _is_one(length: float) -> bool:
    return abs(length - 1) <= _SLACK


def _length(vector: Json) -> float:
    """The Euclidean length; 0 for what is no vector."""
    numbers = decoded(vector)
    return norm(numbers) if numbers else 0.0


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
