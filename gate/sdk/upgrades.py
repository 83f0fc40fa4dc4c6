"""Which SDKs differ between two states of a repository: by gate.yaml's `sdk`, else by its lock files."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from gate.errors import ConfigError
from gate.inventory.lock_files import MAX_FILES, PATTERNS, versions
from gate.sdk.scripts import scripts
from gate.sdk.versions import Version, version_of
from gate.store.yaml_file import parse

Upgrade = tuple[Version, Version]
"""From, to."""


def locked(root: Path) -> dict[str, Version]:
    """The SDKs with a driver that the lock files of a folder pin, by ecosystem and name, with what they are built on.
    Where one pins several versions, the last in order counts."""
    pinned = versions(root)
    return {key: _version(key, pinned, script.on) for key, script in scripts().items() if key in pinned}


def locked_at(root: Path, revision: str) -> dict[str, Version]:
    """The same for a revision of the repository that `root` is in. Raises ConfigError where git does not know it."""
    with tempfile.TemporaryDirectory(prefix="gate-sdk-") as folder:
        for name in _lock_files(root, revision):
            target = Path(folder, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(git(root, "show", f"{revision}:./{name}"))
        return locked(Path(folder))


def between(before: Mapping[str, Version], now: Mapping[str, Version]) -> tuple[Upgrade, ...]:
    """The SDKs of both states whose version differs, in order of their names."""
    return tuple((before[key], now[key]) for key in sorted(before.keys() & now.keys()) if before[key] != now[key])


def configured(entries: Mapping[str, str], where: str = "gate.yaml") -> dict[str, Version]:
    """What gate.yaml's `sdk` names. Raises ConfigError for what is no package at one version."""
    found = [version_of(text, f"{where}, sdk.{name}") for name, text in entries.items()]
    return {version.key: version for version in found}


def configured_at(root: Path, revision: str, name: str) -> dict[str, Version]:
    """What the configuration of that name named at a revision; nothing where it was not there, or named none."""
    if name not in _names(root, revision):
        return {}
    document = parse(git(root, "show", f"{revision}:./{name}").decode("utf-8", "replace"), f"{revision}:{name}").value
    entries = document.get("sdk") if isinstance(document, dict) else None
    named = entries if isinstance(entries, dict) else {}
    return configured({key: text for key, text in named.items() if isinstance(text, str)}, f"{revision}:{name}")


def _version(key: str, pinned: Mapping[str, str], on: Iterable[str] = ()) -> Version:
    ecosystem, _, package = key.partition(":")
    numbers = sorted(pinned[key].split(", "), key=_ordered)
    below = [f"{ecosystem}:{name}" for name in on]
    # of several versions, in a repository of several services, nobody knows which belongs to it
    beside = tuple(_version(name, pinned) for name in below if len(pinned.get(name, ", ").split(", ")) == 1)
    return Version("npm" if ecosystem == "npm" else "pypi", package, numbers[-1], beside)


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else -1 for part in version.split("."))


def _lock_files(root: Path, revision: str) -> Iterable[str]:
    names = _names(root, revision)
    locks = [name for name in names if any(fnmatch(PurePosixPath(name).name, pattern) for pattern in PATTERNS)]
    return [name for name in locks if ".." not in PurePosixPath(name).parts][:MAX_FILES]


def _names(root: Path, revision: str) -> list[str]:
    if revision.startswith("-"):
        raise ConfigError(f"{revision[:80]!r} is no revision", where="--since")
    return git(root, "ls-tree", "-r", "-z", "--name-only", revision, "--", ".").decode("utf-8", "replace").split("\0")


def git(root: Path, *arguments: str) -> bytes:
    """What git says, in a folder. Raises ConfigError where it says that there is no such revision."""
    try:
        done = subprocess.run(("git", *arguments), cwd=root, capture_output=True, timeout=60)  # noqa: S603, S607
    except OSError as error:
        raise ConfigError(f"git can't be run: {error.strerror}", fix="name the versions: --from and --to") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ConfigError(
            f"git knows no such revision here: {said[-1][:200] if said else ''}",
            where="--since",
            fix="fetch it first (in a workflow: fetch-depth: 0), or name the versions with --from and --to",
        )
    return done.stdout
