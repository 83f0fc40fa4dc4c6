"""The files of a repository that a scan reads: source, manifests and lock files, within limits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from gate.errors import ConfigError
from gate.inventory.lock_files import PATTERNS, SKIPPED
from gate.inventory.manifests import is_manifest
from gate.inventory.source import SUFFIXES
from gate.store.files import read

# chosen: source that people write has some hundred kB; beyond are bundles and data, which take seconds to parse
MAX_SOURCE = 1024 * 1024
# chosen: the largest monorepos; what is beyond is said
MAX_FILES = 50_000
# A line of that length is written by a bundler
MAX_LINE = 20_000


@dataclass(slots=True)
class Files:
    """Paths relative to `root`, sorted. `unread` has those that are left out, with the reason."""

    root: Path
    sources: list[str] = field(default_factory=list)
    manifests: list[str] = field(default_factory=list)
    locks: list[str] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)


def files(path: Path) -> Files:
    """What is below a folder, or one file. Raises ConfigError where there is no such path.

    Links are not followed: they lead out of the repository, or round in circles.
    """
    if not path.exists():
        raise ConfigError("there is no such file or folder", where=str(path))
    found = Files(path if path.is_dir() else path.parent)
    for number, (name, inside) in enumerate(_names(path)):
        if number >= MAX_FILES:
            found.unread.append((".", f"only the first {MAX_FILES:,} files were looked at"))
            break
        if name.endswith(SUFFIXES) and not name.endswith((".d.ts", ".min.js")):
            found.sources.append(inside)
        if is_manifest(name):
            found.manifests.append(inside)
        if any(fnmatch(name, pattern) for pattern in PATTERNS):
            found.locks.append(inside)
    return found


def _names(path: Path) -> Iterator[tuple[str, str]]:
    """(name, path relative to the root) of every regular file, in order."""
    if not path.is_dir():
        yield path.name, path.name
        return
    for folder, inner, names in os.walk(path):
        inner[:] = sorted(name for name in inner if name not in SKIPPED and not name.startswith("."))
        below = Path(folder).relative_to(path)
        for name in sorted(names):
            if not Path(folder, name).is_symlink():
                yield name, (below / name).as_posix()


def source(root: Path, name: str) -> bytes | str:
    """The bytes of a source file, or why it is not read."""
    try:
        raw = read(root / name, MAX_SOURCE)
    except OSError as error:
        return error.strerror or "can't be read"
    if len(raw) > MAX_SOURCE:
        return f"larger than {MAX_SOURCE // 1024 // 1024} MiB"
    if max(map(len, raw.split(b"\n"))) > MAX_LINE:
        return "written by a bundler, not by people"
    return raw
