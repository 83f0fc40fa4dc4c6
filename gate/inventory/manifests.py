"""Which SDKs and HTTP clients a manifest (pyproject.toml, package.json…) asks for, and in which range. Pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from gate.inventory.lock_files import NPM, PYPI


@dataclass(frozen=True, slots=True)
class Asked:
    """One dependency: `pypi:openai`, its range (empty: any version), and the line that names it."""

    key: str
    range: str
    line: int


# PEP 508: a name, extras, and a range up to markers and comments
_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?([^;#)@]*)")
_QUOTED = re.compile(r"""(["'])([A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]"']*\])?\s*[^"'\n]{0,80})\1""")
_RANGE = re.compile(r"[<>=!~^*0-9][\w.*+!<>=~^, |-]{0,80}")
_EXACT = re.compile(r"=?\s*v?\d+\.\d+\.\d+[\w.+-]*")

Pairs = Iterator[tuple[str, str]]


def is_manifest(name: str) -> bool:
    """Whether a file of that name makes its folder a service."""
    return any(fnmatch(name, pattern) for pattern in _READERS)


def asked(name: str, text: str) -> list[Asked]:
    """The known packages that a manifest names; none where it is malformed."""
    read = next(reader for pattern, reader in _READERS.items() if fnmatch(name, pattern))
    npm = name == "package.json"
    try:
        pairs = list(read(text))
    except (ValueError, RecursionError):
        return []
    found: dict[str, Asked] = {}
    for package, wanted in pairs:
        plain = package if npm else re.sub(r"[-_.]+", "-", package).lower()
        if plain in (NPM if npm else PYPI):
            key = f"{'npm' if npm else 'pypi'}:{plain}"
            found.setdefault(key, Asked(key, _range(wanted, npm), _line(text, package)))
    return list(found.values())


def _range(wanted: str, npm: bool) -> str:
    """A range in words of its ecosystem; one version alone is written `==1.2.3` in both."""
    text = " ".join(wanted.split()).rstrip(", ")
    if not _RANGE.fullmatch(text):  # a URL, a path, a workspace: nothing that a version could be compared with
        return ""
    return f"=={text.lstrip('= v')}" if npm and _EXACT.fullmatch(text) else re.sub(r"^===?\s*", "==", text)


def _line(text: str, package: str) -> int:
    place = re.search(rf"(?<![\w-]){re.escape(package)}(?![\w-])", text)
    return text.count("\n", 0, place.start()) + 1 if place else 1


# -- readers: the text of a manifest → (name, range) --------------------------------------------


def _pyproject(text: str) -> Pairs:
    document = tomllib.loads(text)
    project = _table(document, "project")
    groups = [project.get("dependencies"), *_table(project, "optional-dependencies").values()]
    groups += _table(document, "dependency-groups").values()
    yield from _lines(line for group in groups if isinstance(group, list) for line in group if isinstance(line, str))
    poetry = _table(_table(document, "tool"), "poetry")
    tables = [_table(poetry, "dependencies"), _table(poetry, "dev-dependencies")]
    tables += [_table(group, "dependencies") for group in _table(poetry, "group").values()]
    for table in tables:
        yield from _versions(table)


def _lines(lines: Iterable[str]) -> Pairs:
    for line in lines:
        if match := _REQUIREMENT.match(line):
            yield match[1], match[2]


def _versions(table: dict[str, Any]) -> Pairs:
    """`name = "^1.2"`, or `name = {version = "^1.2"}`."""
    for name, value in table.items():
        version = value.get("version", "") if isinstance(value, dict) else value
        yield name, version if isinstance(version, str) else ""


def _pipfile(text: str) -> Pairs:
    document = tomllib.loads(text)
    for section in ("packages", "dev-packages"):
        yield from _versions(_table(document, section))


def _setup(text: str) -> Pairs:
    """setup.py is a program, and is not run: its quoted requirements count."""
    return _lines(match[2] for match in _QUOTED.finditer(text))


def _package_json(text: str) -> Pairs:
    document = json.loads(text)
    for section in ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies"):
        yield from _versions(_table(document, section))


def _table(value: Any, key: str) -> dict[str, Any]:
    table = value.get(key) if isinstance(value, dict) else None
    return table if isinstance(table, dict) else {}


_READERS: dict[str, Callable[[str], Pairs]] = {
    "pyproject.toml": _pyproject,
    "requirements*.txt": lambda text: _lines(text.splitlines()),
    "requirements*.in": lambda text: _lines(text.splitlines()),
    "setup.py": _setup,
    "setup.cfg": lambda text: _lines(text.splitlines()),
    "Pipfile": _pipfile,
    "package.json": _package_json,
}
