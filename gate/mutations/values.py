"""JSON values changed in place, and JSON text in the style that it had."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from gate.model import MISSING, Json

Change = Callable[[Any], bool]
"""Changes a JSON value in place and says whether it fitted."""


def copied(value: Json) -> Any:
    """A copy that can be changed. JSON that was observed is bounded in depth, and holds nothing twice."""
    if isinstance(value, dict):
        return {key: copied(v) if isinstance(v, (dict, list)) else v for key, v in value.items()}
    if isinstance(value, list):
        return [copied(v) if isinstance(v, (dict, list)) else v for v in value]
    return value


def each(parts: Callable[[Json], Iterable[Any]], change: Change) -> Change:
    """The change of a document that changes all of its parts."""
    return lambda doc: every(parts(doc), change)


def every(values: Iterable[Any], change: Change) -> bool:
    """Change all of the values; whether any fitted."""
    return sum(map(change, values)) > 0


def put(part: Json, key: str, value: Json) -> bool:
    """Set a member; whether that changed it. What is no object has none."""
    if not isinstance(part, dict):
        return False
    # the type as well: 1 == True and 1 == 1.0 in Python
    changed = key not in part or part[key] != value or type(part[key]) is not type(value)
    part[key] = value
    return changed


def drop(part: Json, key: str) -> bool:
    """Remove a member; whether it was there."""
    return isinstance(part, dict) and part.pop(key, MISSING) is not MISSING


def rename(part: Json, key: str, name: str) -> bool:
    """Move a member to another name; whether it was there."""
    if not (isinstance(part, dict) and key in part):
        return False
    part[name] = part.pop(key)
    return True


# possessive quantifiers: the style is read from untrusted text
_FIRST_KEY = re.compile(rb'\s*+[{\[](\s*+)\{?\s*+"(?:[^"\\]|\\.)*+"\s*+:( ?)')


def written(value: Json, like: bytes) -> bytes:
    """JSON text in the style of other JSON text: its indent, its spacing, and whether it escapes non-ASCII."""
    style = _FIRST_KEY.match(like)
    inner, space = (style[1], style[2]) if style else (b"", b" ")
    indent = len(inner.rpartition(b"\n")[2]) if b"\n" in inner else None
    text = _encoder(indent, bool(space), like.isascii() and b"\\u" in like).encode(value)
    # half of a surrogate pair, which only an escape can write
    return text.encode("utf-8", "backslashreplace")


@functools.lru_cache(16)
def _encoder(indent: int | None, spaced: bool, escaped: bool) -> json.JSONEncoder:
    comma = ", " if spaced and indent is None else ","
    return json.JSONEncoder(indent=indent, separators=(comma, ": " if spaced else ":"), ensure_ascii=escaped)


def parsed(text: str) -> dict[str, Any] | None:
    """The object in a JSON text; None where it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
