"""An item of a YAML list, safe to print and to paste whatever a remote named. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_PLAIN = re.compile(r"[A-Za-z][\w-]*|\d{4}-\d\d-\d\d")
_WORDS = {"true", "false", "null"}


def entry_text(entry: Mapping[str, str], indent: str = "") -> str:
    """The entry as an item of a YAML list, a line for each key."""
    lines = (f"{key}: {scalar(value)}" for key, value in entry.items())
    return f"\n{indent}  ".join(lines).join((f"{indent}- ", "\n"))


def scalar(value: str) -> str:
    """Plain, or in double quotes. A path is made of a remote's keys: what a terminal acts on, or YAML, is escaped."""
    if _PLAIN.fullmatch(value) and value not in _WORDS:
        return value
    # every JSON string is one of YAML (https://yaml.org/spec/1.2.2/#chapter-1)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in json.dumps(value, ensure_ascii=False))
