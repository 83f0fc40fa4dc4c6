"""Embeddings as numbers or base64, and edits that keep their form."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable

from gate.endpoints import members
from gate.model import Exchange, Json
from gate.mutations.edit import in_docs
from gate.mutations.facts import EMBEDDINGS, asked
from gate.mutations.values import put


def inputs(exchange: Exchange) -> list[Json]:
    """The texts of a batch; empty where a single one was sent."""
    texts = asked(exchange, "input")
    return texts if isinstance(texts, list) else []


def with_vectors(exchange: Exchange, change: Callable[[Json], Json]) -> Exchange | None:
    """Every vector replaced; None from `change`, or an equal vector, does not fit."""

    def replaced(doc: Json) -> bool:
        items = [item for item in members(doc, "data") if isinstance(item, dict) and item.get("embedding")]
        new = [change(item["embedding"]) for item in items]
        fits = bool(new) and all(vector is not None for vector in new)
        return fits and sum(put(item, "embedding", vector) for item, vector in zip(items, new, strict=True)) > 0

    return in_docs(exchange, replaced, EMBEDDINGS)


def with_numbers(exchange: Exchange, change: Callable[[list[float]], list[float] | None]) -> Exchange | None:
    """The numbers of every vector replaced, in the form that it had; None from `change` does not fit."""

    def reformed(vector: Json) -> Json:
        before = floats(vector)
        after = None if before is None else change(before)
        return packed(after) if isinstance(vector, str) and after is not None else after

    return with_vectors(exchange, reformed)


def floats(vector: Json) -> list[float] | None:
    """A vector as numbers, whatever its form; None where it is none."""
    if isinstance(vector, list):
        return vector if all(map(_is_float, vector)) else None
    try:
        raw = base64.b64decode(vector, validate=True) if isinstance(vector, str) else b""
        return [x for (x,) in struct.iter_unpack("<f", raw)]
    except (ValueError, struct.error):
        return None


def _is_float(value: Json) -> bool:
    # JSON has integers that no float holds
    # JSON has integers that no float holds: the largest double is just below 2**1024
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < 2**1023)


def packed(vector: list[float]) -> str:
    """Numbers as base64 of float32, as the API packs them; empty where they don't fit."""
    try:
        return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
    except (OverflowError, struct.error):
        return ""


def nearly_equal(exchange: Exchange) -> Exchange | None:
    """The same vectors but for the last digits (B28)."""
    # Chosen: a cosine of 1 and a norm within 0.00001, well inside B28's 0.999; float32 keeps seven digits.
    return with_numbers(exchange, lambda vector: [x * 1.00001 for x in vector])
