"""vector-order: each vector at its text's position."""

from __future__ import annotations

import math
from typing import Any

from gate.model import Exchange
from tests.rules.vector_length import b64
from tests.rules_table import Row, embedded

A, B, C = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]
TEXTS = ["a", "b", "c"]
NEAR = [0.999, 0.02, 0.0]


def numbered(*numbers: Any) -> Exchange:
    data = [{"object": "embedding", "index": n, "embedding": v} for n, v in zip(numbers, (A, B, C), strict=True)]
    return embedded(ask=TEXTS, top={"data": data})


def batch(*vectors: Any, ask: Any = TEXTS) -> Exchange:
    return embedded(*vectors, ask=ask)


INDEX = ("breaking data[0].index",)

TWICE = ["a", "b", "a"]


def turned(cosine: float) -> list[float]:
    """A vector at that cosine to A, of another direction than B and C."""
    across = math.sqrt((1 - cosine**2) / 2)
    return [cosine, across, across]


CASES = (
    Row("EM10: indexes of split batches (lfnovo/esperanto 260)", numbered(0, 1, 2), numbered(0, 1, 0), INDEX),
    Row("EM10: permuted together with the indexes", numbered(0, 1, 2), numbered(2, 0, 1), INDEX),
    Row("EM10: no index", numbered(0, 1, 2), numbered(None, None, None), INDEX),
    Row("EM10: shuffled and renumbered", batch(A, B, C), batch(B, A, C), ("breaking data[0].embedding",)),
    Row(
        "EM10: shuffled in base64",
        batch(b64(*A), b64(*B), b64(*C)),
        batch(b64(*B), b64(*C), b64(*A)),
        ("breaking data[0].embedding",),
    ),
    Row(
        "EM10: another model, but a text that was sent twice has two vectors",
        batch(A, B, A, ask=["a", "b", "a"]),
        batch(C, B, A, ask=["a", "b", "a"]),
        ("breaking data[2].embedding",),
    ),
    Row(
        "EM10: shuffled around a text that was sent twice",
        batch(A, B, A, C, ask=["a", "b", "a", "c"]),
        batch(A, C, NEAR, B, ask=["a", "b", "a", "c"]),
        ("breaking data[1].embedding",),
    ),
    Row(
        "a text that was sent twice, with float noise",
        batch(A, B, NEAR, C, ask=["a", "b", "a", "c"]),
        batch(NEAR, B, A, C, ask=["a", "b", "a", "c"]),
    ),
    Row("EM10, benign twin: float noise", batch(A, B, C), batch(NEAR, B, C), ()),
    Row("another model in the right order", batch(A, B), batch([0.6, 0.8, 0.0], [0.8, 0.6, 0.0])),
    Row(
        "EM10: every input gets the first vector",
        batch(A, B, C),
        batch(A, A, A),
        ("breaking data[1].embedding",),
    ),
    Row("near vectors that are equal in the golden", batch(A, A, C), batch(B, B, C)),
    Row("the golden's indexes are wrong too", numbered(0, 1, 0), numbered(0, 1, 0)),
    Row("a text sent twice, just the same vector", batch(A, B, A, ask=TWICE), batch(A, B, turned(0.9992), ask=TWICE)),
    Row(
        "a text sent twice, just not the same vector",
        batch(A, B, A, ask=TWICE),
        batch(A, B, turned(0.9987), ask=TWICE),
        ("breaking data[2].embedding",),
    ),
    Row(
        "moved, and just the golden's vectors",
        batch(B, A, C),
        batch(turned(0.992), B, C),
        ("breaking data[0].embedding",),
    ),
    Row("moved, and just not the golden's vectors", batch(B, A, C), batch(turned(0.988), B, C)),
)
