"""Predicates over embedding vectors, numbers or base64: their widths without decoding, their numbers where needed."""

from __future__ import annotations

import base64
import binascii
import itertools
import math
import operator
import struct
from collections.abc import Iterable, Iterator, Sequence

from gate.model import Comparison, Json, Observation, Pair
from gate.observe.answer import answered
from gate.observe.request import asked

# Vectors of one answer that are compared number by number, a bound on time: the suite's batches have a few; comparing
# all pairs grows with the square, and the API takes up to 2,048 inputs:
# https://platform.openai.com/docs/api-reference/embeddings/create#embeddings-create-input
MAX_VECTORS = 64
_NUMBERS = frozenset({int, float})
Vector = Sequence[float]


def vectors(observation: Observation) -> tuple[Json, ...]:
    """The vectors of an answer as they came; empty where there is no whole answer."""
    return observation.answer.vectors if observation.answer and answered(observation) else ()


def vectored(comparison: Comparison) -> Iterator[Pair]:
    """The candidate samples that have vectors."""
    return (pair for pair in comparison.pairs if vectors(pair.candidate))


def width(vector: Json) -> int | None:
    """How many numbers a vector has; base64 holds four bytes for each. None where it is not a vector."""
    if isinstance(vector, list):
        return len(vector)
    if isinstance(vector, str):
        # four characters hold three bytes, less one for each `=`: no need to decode megabytes for a length
        size = len(vector) * 3 // 4 - vector[-2:].count("=")
        return size // 4 if size % 4 == 0 else None
    return None


def widths(samples: Iterable[Observation]) -> frozenset[int]:
    """The widths of all vectors of some samples."""
    return frozenset(w for observation in samples for v in vectors(observation) if (w := width(v)) is not None)


def decoded(vector: Json) -> Vector | None:
    """The numbers of a vector (base64 is little-endian float32); None where it is not one, or not finite."""
    if isinstance(vector, str):
        vector = _unpacked(vector)
    types = set(map(type, vector)) if isinstance(vector, (list, tuple)) else {None}
    if not types <= _NUMBERS:
        return None
    try:
        # products of floats end at infinity, those of integers in an exception when a root is taken of them
        numbers: Vector = list(map(float, vector)) if int in types else vector
    except OverflowError:  # integers beyond floats
        return None
    return numbers if math.isfinite(sum(numbers)) else None


def _unpacked(text: str) -> Sequence[float] | None:
    try:
        raw = base64.b64decode(text, validate=True)
        # little-endian float32, as openai-python with numpy asks for and reads it (SD01)
        return struct.unpack(f"<{len(raw) // 4}f", raw)
    except (binascii.Error, ValueError, struct.error):
        return None


def figures(observation: Observation) -> list[Vector] | None:
    """All vectors decoded, of one width; None where one is not a vector, or there are more than MAX_VECTORS."""
    raw = vectors(observation)
    if not 0 < len(raw) <= MAX_VECTORS:
        return None
    numbers = [vector for value in raw if (vector := decoded(value)) is not None]
    return numbers if len(numbers) == len(raw) and len(set(map(len, numbers))) == 1 else None


def norm(vector: Vector) -> float:
    """The Euclidean length."""
    return math.hypot(*vector)


def cosine(first: Vector, second: Vector) -> float:
    """The cosine of the angle between two vectors of one width; 0 where either has only zeros."""
    lengths = norm(first) * norm(second)
    return sum(map(operator.mul, first, second)) / lengths if lengths else 0.0


def inputs(observation: Observation) -> list[Json] | None:
    """The inputs of the request, one per vector; a list of integers is one text in tokens."""
    given = asked(observation, "input")
    if isinstance(given, list) and given and not all(type(item) is int for item in given):
        return given
    return [given] if isinstance(given, str) or given else None


def repeats(observation: Observation) -> list[tuple[int, int]]:
    """Positions of equal inputs: their vectors must be equal too."""
    given = inputs(observation) or []
    pairs = itertools.combinations(range(min(len(given), MAX_VECTORS)), 2)
    return [(i, j) for i, j in pairs if given[i] == given[j]]
