"""The numbers of a vector: their form, how many there are, and what they add up to."""

from __future__ import annotations

import math

from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.facts import asked
from gate.mutations.vectors import floats, nearly_equal, packed, with_numbers, with_vectors


def base64_ignored(exchange: Exchange) -> Exchange | None:
    """base64 was asked for and numbers come: openai-node reads them as bytes, and vectors shrink to a quarter."""
    return with_vectors(exchange, lambda vector: floats(vector) if isinstance(vector, str) else None)


def base64_unasked(exchange: Exchange) -> Exchange | None:
    """Numbers were asked for and base64 comes: code that iterates the vector sees letters."""

    def change(vector: Json) -> Json:
        numbers = floats(vector) if isinstance(vector, list) else None
        return packed(numbers) if numbers else None

    return with_vectors(exchange, change)


def vector_nan(exchange: Exchange) -> Exchange | None:
    """NaN in a vector: strict JSON parsers refuse the body, similarity is NaN everywhere."""

    def change(vector: Json) -> Json:
        return [float("nan"), *vector[1:]] if isinstance(vector, list) and vector else None

    return with_vectors(exchange, change)


def vector_of_strings(exchange: Exchange) -> Exchange | None:
    """Numbers come as text: arithmetic raises."""
    return with_vectors(exchange, lambda vector: [str(x) for x in vector] if isinstance(vector, list) else None)


# -- whatever the form ----------------------------------------------------------------------------


def dimensions_ignored(exchange: Exchange) -> Exchange | None:
    """`dimensions` is accepted and ignored: the vector has another width than the index."""
    fits = type(asked(exchange, "dimensions")) is int
    # 4: from 256 to 1,024, the full width of EM03's model (BerriAI/litellm 42421)
    return with_numbers(exchange, lambda vector: vector * 4) if fits else None


def vector_width(exchange: Exchange) -> Exchange | None:
    """Another width, as another model behind the same name has it: the vector store refuses the insert."""
    # 2: from 1,536 to 3,072, as from OpenAI's small model to its large one (row of vector-length)
    return with_numbers(exchange, lambda vector: vector * 2)


def vector_zero(exchange: Exchange) -> Exchange | None:
    """A vector of zeros: its text is like no other, and like all."""
    return with_numbers(exchange, lambda vector: [0.0] * len(vector) or None)


def vector_not_normalised(exchange: Exchange) -> Exchange | None:
    """Vectors of another length than 1: stores that rank by dot product prefer long ones to near ones."""

    def change(vector: list[float]) -> list[float] | None:
        # 0.01 is chosen: inside vector-not-normalised's slack of 0.02; 3 is far outside
        return [3 * x for x in vector] if math.isclose(math.hypot(*vector), 1, abs_tol=0.01) else None

    return with_numbers(exchange, change)


_NUMBERS = ("embed", "embed-batch")

MUTATIONS = (
    Row(
        drifts=("EM01", "SD01"),
        severity=Severity.BREAKING,
        summary="numbers where base64 was asked for",
        caught_by=("base64-ignored",),
        apply=base64_ignored,
        twin=nearly_equal,
        exercised_by=("embed-base64",),
    ),
    Row(
        drifts=("EM01",),
        severity=Severity.BREAKING,
        summary="base64 where numbers were asked for",
        caught_by=("base64-ignored",),
        apply=base64_unasked,
        twin=nearly_equal,
        exercised_by=_NUMBERS,
    ),
    Row(
        drifts=("S21",),
        severity=Severity.BREAKING,
        summary="NaN in vectors",
        caught_by=("number-not-json",),
        apply=vector_nan,
        twin=nearly_equal,
        exercised_by=_NUMBERS,
    ),
    Row(
        drifts=("EM01",),
        severity=Severity.BREAKING,
        summary="vectors hold strings",
        caught_by=("vector-type",),
        apply=vector_of_strings,
        twin=nearly_equal,
        exercised_by=_NUMBERS,
    ),
    Row(
        drifts=("EM03",),
        severity=Severity.BREAKING,
        summary="dimensions has no effect",
        caught_by=("dimensions-ignored",),
        apply=dimensions_ignored,
        twin=nearly_equal,
        exercised_by=("embed-dimensions",),
    ),
    Row(
        drifts=("EM03",),
        severity=Severity.BREAKING,
        summary="vectors of another width",
        caught_by=("vector-length", "dimensions-ignored"),
        apply=vector_width,
        twin=nearly_equal,
        exercised_by=("embed", "embed-batch", "embed-base64"),
    ),
    Row(
        drifts=("EM10",),
        # EM10 is breaking by wrong vectors; a zero is at least visible
        severity=Severity.RISKY,
        summary="vectors of zeros",
        caught_by=("vector-zero",),
        apply=vector_zero,
        twin=nearly_equal,
        exercised_by=_NUMBERS,
    ),
    Row(
        drifts=("EM03",),
        # EM03 is breaking by the width; cosine distance does not see a length
        severity=Severity.RISKY,
        summary="vectors are not normalised",
        caught_by=("vector-not-normalised",),
        apply=vector_not_normalised,
        twin=nearly_equal,
        exercised_by=_NUMBERS,
    ),
)
