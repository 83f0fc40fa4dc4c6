"""JSON as most clients read it: what some of them give up on is no JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

from gate.model import MISSING, Json
from gate.wire.shape import MAX_DEPTH

_DECODER = json.JSONDecoder()
scan: Callable[[str, int], tuple[Json, int]] = _DECODER.scan_once  # type: ignore[attr-defined]
"""(value, its end) of the JSON at a place of a text. Raises ValueError, StopIteration and RecursionError."""


def parsed(raw: bytes | str) -> Json:
    """The JSON value; MISSING where it is not JSON, is nested too deep, or holds a number of 4,300 digits.

    The last two are valid JSON that clients give up on: System.Text.Json at 64 levels, serde_json at 128, Jackson at
    1,000 levels and digits, CPython at 4,300 digits. So they are judged as what such a client finds: no JSON.
    """
    try:
        # utf-8-sig drops a byte order mark, on which json.loads raises
        text = raw if isinstance(raw, str) else raw.decode("utf-8-sig")
        # most texts are one object without white space around it: then the scanner alone is enough
        value, end = scan(text, 0) if text[:1] == "{" else (None, -1)
        if end != len(text):
            value = _DECODER.decode(text)
    except (ValueError, RecursionError, StopIteration):
        return MISSING
    # counting brackets is fast, and nearly every text has too few of them to be deep
    flat = text.count("{") + text.count("[") <= MAX_DEPTH
    return value if flat or _shallow(value, MAX_DEPTH) else MISSING


def _shallow(value: Json, depth: int) -> bool:
    """Whether it is nested at most `depth` deep: what follows recurses. Scalars and vectors are the common case."""
    if isinstance(value, dict):
        return depth > 0 and all(_shallow(v, depth - 1) for v in value.values() if isinstance(v, (dict, list)))
    if isinstance(value, list):
        return depth > 0 and all(_shallow(v, depth - 1) for v in value if isinstance(v, (dict, list)))
    return True
