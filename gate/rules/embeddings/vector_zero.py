"""A vector that contains only zeros: the model did not embed the text."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.answer import shown
from gate.observe.scopes import has_vectors
from gate.observe.vectors import vectored, vectors


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first such vector of each sample, at a position where no golden sample has one."""
    excused = shown(comparison.golden, _zeros)
    for pair in vectored(comparison):
        for position in [i for i in _zeros(pair.candidate) if i not in excused][:1]:
            yield pair.drift(
                path=f"data[{position}].embedding",
                message="the vector contains only zeros",
                golden="a direction",
                candidate="zeros",
            )


def _zeros(observation: Observation) -> list[int]:
    """The positions of the vectors that are all zeros."""
    return [i for i, vector in enumerate(vectors(observation)) if _zero(vector)]


def _zero(vector: Json) -> bool:
    if isinstance(vector, str):  # 0.0 is four zero bytes, which base64 writes as As alone
        # 0.0 is four zero bytes, which base64 writes as As alone; more than 7 characters are more than one number
        return len(vector) > 7 and not vector.strip("A=")
    return isinstance(vector, list) and len(vector) > 1 and not any(vector) and None not in vector


RULE = Rule(
    id="vector-zero",
    area="embeddings",
    # EM10's kin: the text of such a vector is lost to the index without an error
    severity=Severity.BREAKING,
    summary="an embedding contains only zeros",
    who_breaks="cosine distances divide by zero; every text is as near as any other",
    hint="check the server's pooling and the inputs that it skips",
    check=check,
    where=has_vectors,
)
