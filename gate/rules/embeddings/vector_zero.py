"""A vector of nothing but zeros: the model did not embed the text."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.vectors import vectored, vectors


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first such vector of each sample, at a place where no golden sample has one."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in vectored(candidate):
        excused = {i for g in golden for i in _zeros(g)}
        for place in [i for i in _zeros(found) if i not in excused][:1]:
            message = "the vector holds nothing but zeros"
            yield Drift(
                path=f"data[{place}].embedding", message=message, golden="a direction", candidate="zeros", sample=sample
            )


def _zeros(found: Observation) -> list[int]:
    return [i for i, v in enumerate(vectors(found)) if _zero(v)]


def _zero(vector: Json) -> bool:
    if isinstance(vector, str):  # 0.0 is four zero bytes, so that base64 shows As alone
        return len(vector) > 7 and not vector.strip("A=")
    return isinstance(vector, list) and len(vector) > 1 and not any(vector) and None not in vector


RULE = Rule(
    id="vector-zero",
    area="embeddings",
    severity=Severity.BREAKING,
    summary="an embedding holds nothing but zeros",
    who_breaks="cosine distances divide by zero; every text is as near as any other",
    hint="look at the server's pooling and at inputs that it skips",
    check=check,
)
