"""The drivers' scripts, found by their folder: `python/drive_langchain_openai.py` is that of `pypi:langchain-openai`,
`npm/drive_langchain__openai.mjs` that of `npm:@langchain/openai`.

What must be known before one is started stands beside it, in a JSON file of the same name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from gate.sdk.versions import Version

DRIVERS = Path(__file__).parent / "drivers"
PREFIX = "drive_"


@dataclass(frozen=True, slots=True)
class Script:
    """One driver. `calls` are those that it can make, by endpoint; `on` names the packages that it is built on, whose
    locked versions count as much as its own; `needs` is what must be installed beside it, by its major version."""

    path: Path
    calls: Mapping[str, Sequence[str]]
    on: tuple[str, ...] = ()
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def beside(self, version: Version) -> tuple[str, ...]:
        """What the installer gets beside the package itself: what the version names, and else what the driver needs."""
        named = {one.package for one in version.beside}
        needed = self.needs.get(version.version.partition(".")[0], ())
        return (*(one.requirement for one in version.beside), *(n for n in needed if n.rpartition("@")[0] not in named))


@cache
def scripts() -> Mapping[str, Script]:
    """All drivers by the package that they drive, such as `npm:openai`."""
    python = {f"pypi:{_stem(path).replace('_', '-')}": path for path in DRIVERS.glob(f"python/{PREFIX}*.py")}
    node = {f"npm:{_scoped(_stem(path))}": path for path in DRIVERS.glob(f"npm/{PREFIX}*.mjs")}
    return {key: _script(path) for key, path in sorted((python | node).items())}


def _stem(path: Path) -> str:
    return path.stem.removeprefix(PREFIX)


def _scoped(stem: str) -> str:
    """`langchain__openai` → `@langchain/openai`, as DefinitelyTyped writes it, since no file name holds a slash."""
    scope, double, name = stem.partition("__")
    return f"@{scope}/{name}" if double else stem


def _script(path: Path) -> Script:
    said = json.loads(path.with_suffix(".json").read_text("utf-8"))
    return Script(path, said["calls"], tuple(said.get("on", ())), said.get("needs", {}))
