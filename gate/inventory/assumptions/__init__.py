"""What code takes for granted of a route, one assumption a file; its id is the file's name with dashes.

A module has `KIND` and `find`, which yields the lines of one source file; none of them does any I/O, or knows files.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from gate.inventory.answers import Answers
from gate.inventory.model import Assumption, Level, Place

Line = tuple[int, str, Level]
"""Where, what, and how sure it breaks."""


@dataclass(frozen=True, slots=True)
class Kind:
    """An assumption: what it is, who shows that it is wrong (ids of docs/drifts.md), and what to write instead."""

    id: str
    summary: str
    drifts: tuple[str, ...]
    fix: str


@cache
def kinds() -> Mapping[str, tuple[Kind, Callable[[Answers], Iterable[Line]]]]:
    """Every assumption by its id."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return {module.KIND.id: (module.KIND, module.find) for module in modules}


def assumptions(answers: Answers) -> Iterator[Assumption]:
    """All that one file takes for granted, one of a kind for each line."""
    seen: set[tuple[str, int]] = set()
    for kind, find in kinds().values():
        for line, message, level in find(answers):
            if (kind.id, line) not in seen:
                seen.add((kind.id, line))
                yield Assumption(Place(answers.source.path, line), kind.id, level, message)
