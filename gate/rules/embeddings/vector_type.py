"""Vectors that hold something else than finite numbers, or are no vectors at all."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.answer import word
from gate.observe.vectors import decoded, vectored, vectors, width
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first faulty vector of each sample. Whole numbers throughout mean that the model's floats were quantised."""
    golden, candidate = comparison.golden, comparison.candidate
    if any(_faults(g) for g in golden):
        return
    whole = any(_quantised(g) for g in golden)
    for sample, found in vectored(candidate):
        faults = _faults(found)
        if faults:
            place, fault = faults[0]
            path = f"data[{place}].embedding"
            yield Drift(
                path=path,
                message=f"the vector {fault}",
                golden="finite numbers",
                candidate=show(vectors(found)[place], 80),
                sample=sample,
            )
        elif not whole and _quantised(found):
            evidence = "numbers with fractions", show(vectors(found)[0], 80)
            message = "the vectors hold whole numbers only"
            yield Drift(
                path="data[0].embedding",
                message=message,
                golden=evidence[0],
                candidate=evidence[1],
                sample=sample,
                severity=Severity.RISKY,
            )


def _faults(found: Observation) -> list[tuple[int, str]]:
    return [(i, fault) for i, v in enumerate(vectors(found)) if (fault := _fault(v))][:1]


def _fault(vector: Json) -> str:
    if decoded(vector):
        return ""
    if isinstance(vector, str):
        return "is a text that is no base64 of float32" if width(vector) is None else "is base64 of no finite numbers"
    if not isinstance(vector, list):
        return f"is {word(vector)}"
    odd = next((item for item in vector if type(item) not in (int, float)), MISSING)
    # NaN in a list is no JSON: number-not-json tells it for all bodies
    return "is empty" if not vector else "" if odd is MISSING else f"holds {word(odd)}"


def _quantised(found: Observation) -> bool:
    return any(isinstance(v, list) and len(v) > 1 and set(map(type, v)) == {int} and any(v) for v in vectors(found))


RULE = Rule(
    id="vector-type",
    area="embeddings",
    severity=Severity.BREAKING,
    summary="an embedding is not a vector of finite numbers",
    who_breaks="vector stores reject strings, nulls and NaN; one NaN spoils every distance",
    hint="look at how the gateway serialises vectors, and at the server's quantisation",
    check=check,
)
