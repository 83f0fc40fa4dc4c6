"""The map of CONTRIBUTING, read: which folders there are, in which order, and which of them are pure."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
GATE = ROOT / "gate"
FILES = sorted(GATE.rglob("*.py"))

_ROOM = re.compile(r"^  (\w+)/ +(\S.*?)(?: {2,}(pure))?$", re.MULTILINE)


@cache
def rooms() -> dict[str, bool]:
    """Each folder of the map, from the top down, and whether it is said to be pure."""
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    map_ = page.partition("```\ngate/\n")[2].partition("```")[0]
    return {name: mark == "pure" for name, _, mark in _ROOM.findall(map_)}


def room(path: Path) -> str:
    """The folder of `gate/` that a file is in; its own name where it is in none."""
    return path.relative_to(GATE).parts[0]


PURE = [path for path in FILES if rooms().get(room(path))]
