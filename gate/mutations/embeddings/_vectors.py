"""Embeddings as numbers or base64, and edits that keep their form."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable

from gate.endpoints import members
from gate.model import Exchange, Json
from gate.mutations._edit import EMBEDDINGS, asked, in_docs, put


def edited(exchange: Exchange, change: Callable[[Json], Json]) -> Exchange | None:
    """Every vector replaced; None from `change`, or an equal vector, does not fit."""

    def each(doc: Json) -> bool:
        found = [item for item in members(doc, "data") if isinstance(item, dict) and item.get("embedding")]
        new = [change(item["embedding"]) for item in found]
        fits = bool(new) and all(value is not None for value in new)
        return fits and sum(put(item, "embedding", value) for item, value in zip(found, new, strict=True)) > 0

    return in_docs(exchange, each, EMBEDDINGS)


def floats(vector: Json) -> list[float] | None:
    """A vector as numbers, whatever its form; None where it is none."""
    if isinstance(vector, list):
        return vector if all(map(_number, vector)) else None
    try:
        raw = base64.b64decode(vector, validate=True) if isinstance(vector, str) else b""
        return [x for (x,) in struct.iter_unpack("<f", raw)]
    except (ValueError, struct.error):
        return None


def _number(value: Json) -> bool:
    # JSON has integers that no float holds
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < 2**1023)


def packed(vector: list[float]) -> str:
    """Numbers as base64 of float32, as the API packs them."""
    try:
        return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
    except (OverflowError, struct.error):
        return ""


def in_form(vector: Json, numbers: list[float]) -> Json:
    """Numbers in the form of another vector."""
    return packed(numbers) if isinstance(vector, str) else numbers


def inputs(exchange: Exchange) -> list[Json]:
    """The texts of a batch; empty where a single one was sent."""
    found = asked(exchange, "input")
    return found if isinstance(found, list) else []


def nearly_equal(exchange: Exchange) -> Exchange | None:
    """The same vectors but for the last digits (B28)."""

    def change(vector: Json) -> Json:
        found = floats(vector)
        return None if found is None else in_form(vector, [x * 1.00001 for x in found])

    return edited(exchange, change)
