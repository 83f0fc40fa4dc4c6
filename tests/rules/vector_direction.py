"""vector-direction: another model of the same width."""

from __future__ import annotations

import math

from tests.rules.vector_length import b64
from tests.rules_table import Row, embedded


def vector(seed: int, noise: float = 0.0) -> list[float]:
    """24 numbers, of length 1 but for the noise."""
    raw = [math.sin(seed * 37 + i * (seed + 2)) + noise * math.cos(i) for i in range(24)]
    size = math.sqrt(sum(x * x for x in raw))
    return [x / size for x in raw]


A, B = vector(1), vector(2)
OTHER, ANOTHER = vector(7), vector(8)
FIRES = ("risky data[0].embedding",)


def turned(vector: list[float], cosine: float) -> list[float]:
    """A vector of length 1 at that cosine to this one of length 1."""
    along = sum(x * y for x, y in zip(vector, OTHER, strict=True))
    across = [y - along * x for x, y in zip(vector, OTHER, strict=True)]
    size = math.sqrt(sum(x * x for x in across))
    return [cosine * x + math.sqrt(1 - cosine**2) * y / size for x, y in zip(vector, across, strict=True)]


CASES = (
    Row("EM03: another model of the same width (garrytan/gbrain 220)", embedded(A), embedded(OTHER), FIRES),
    Row("EM03 in base64", embedded(b64(*A), b64(*B)), embedded(b64(*OTHER), b64(*ANOTHER)), FIRES),
    Row("EM03, benign twin: slightly other values", embedded(A, B), embedded(vector(1, 0.01), vector(2, 0.01))),
    Row("rounded to two places", embedded(A), embedded([round(x, 2) for x in A])),
    Row("one golden sample is as far", [embedded(A), embedded(OTHER)], embedded(OTHER)),
    Row("a few numbers prove nothing", embedded([0.6, 0.8]), embedded([0.8, -0.6])),
    Row("just wide enough", embedded(A[:16]), embedded(OTHER[:16]), FIRES),
    Row("just too narrow", embedded(A[:15]), embedded(OTHER[:15])),
    Row("just near enough", embedded(A), embedded(turned(A, 0.91))),
    Row("just too far", embedded(A), embedded(turned(A, 0.89)), FIRES),
)
