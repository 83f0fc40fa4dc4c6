"""Vectors that hold something else than finite numbers, or values that are not vectors."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.answer import word
from gate.observe.scopes import has_vectors
from gate.observe.vectors import decoded, vectored, vectors, width
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first faulty vector of each sample. Integers throughout mean that the model's floats were quantised."""
    for pair in vectored(comparison):
        fault = _first_fault(pair.candidate)
        quantised = not fault and _quantised(pair.candidate)
        # mostly there is nothing to say, and then nobody looks at every number of the golden
        if (fault or quantised) and any(map(_first_fault, comparison.golden)):
            return
        if fault:
            position, words = fault
            yield pair.drift(
                path=f"data[{position}].embedding",
                message=f"the vector {words}",
                golden="finite numbers",
                candidate=show(vectors(pair.candidate)[position], 80),
            )
        elif quantised and not any(map(_quantised, comparison.golden)):
            yield pair.drift(
                path="data[0].embedding",
                message="the vectors contain only integers",
                golden="numbers with fractions",
                candidate=show(vectors(pair.candidate)[0], 80),
                # whole numbers are valid JSON numbers, and stores take them; but they are on another scale than the
                # floats
                severity=Severity.RISKY,
            )


def _first_fault(observation: Observation) -> tuple[int, str] | None:
    """(position, fault) of the first vector that is none."""
    faults = ((i, _fault(vector)) for i, vector in enumerate(vectors(observation)))
    return next(((i, fault) for i, fault in faults if fault), None)


def _fault(vector: Json) -> str:
    if decoded(vector):
        return ""
    if isinstance(vector, str):
        whole = width(vector) is not None
        return "is base64 that does not hold finite numbers" if whole else "is a string that is not base64 of float32"
    if not isinstance(vector, list):
        return f"is {word(vector)}"
    if not vector:
        return "is empty"
    odd = next((item for item in vector if type(item) not in (int, float)), MISSING)
    # NaN in a list is not JSON: number-not-json reports it for all bodies
    return "" if odd is MISSING else f"holds {word(odd)}"


def _quantised(observation: Observation) -> bool:
    return any(map(_integers, vectors(observation)))


# int8 and binary quantisation: https://docs.cohere.com/docs/embeddings
def _integers(vector: Json) -> bool:
    # any(): a vector of zeros is vector-zero's; one number may be whole by chance
    # the first number alone mostly tells
    if not (isinstance(vector, list) and len(vector) > 1 and type(vector[0]) is int):
        return False
    return set(map(type, vector)) == {int} and any(vector)


RULE = Rule(
    id="vector-type",
    area="embeddings",
    # a client that does arithmetic on the vector raises (EM01's mechanism)
    severity=Severity.BREAKING,
    summary="an embedding is not a vector of finite numbers",
    who_breaks="vector stores reject strings, nulls and NaN; one NaN makes every distance NaN",
    hint="check how the gateway serialises vectors, and the server's quantisation",
    check=check,
    where=has_vectors,
)
