"""JSON values changed in place, and JSON text in the style that it had."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from gate.model import MISSING, Json

Change = Callable[[Any], bool]
"""Changes a JSON value in place and says whether it fitted."""


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
    comma = ", " if space and indent is None else ","
    separators = (comma, ": " if space else ":")
    escaped = like.isascii() and b"\\u" in like
    text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=escaped)
    # half of a surrogate pair, which only an escape can write
    return text.encode("utf-8", "backslashreplace")


def parsed(text: str) -> dict[str, Any] | None:
    """The object in a JSON text; None where it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
