"""A team's own driver, `sdk.ours` in gate.yaml: the same command in a checkout of two states of the repository.

It may run whatever the repository holds, so it gets neither keys nor the project's own folder.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from gate.model import Own
from gate.sdk.environments import Driver, UnusableError, variables
from gate.sdk.upgrades import git

# chosen: a lock file's packages take minutes to install on a slow line
_PATIENCE = 600.0
Made = Driver | UnusableError


def differs(root: Path, revision: str) -> bool:
    """Whether the working tree differs from a revision at all. Raises ConfigError where git does not know it."""
    return bool(git(root, "diff", "--name-only", revision, "--", ".").strip())


@contextlib.contextmanager
def drivers(own: Own, root: Path, revision: str) -> Iterator[tuple[Made, Made]]:
    """The driver at a revision, and that of the working tree, each in a folder of its own that goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="gate-ours-") as folder:
        before, now = Path(folder, "before"), Path(folder, "now")
        _extract(git(root, "archive", "--format=tar", revision, "--", "."), before)
        _copy(root, now)
        yield _prepared(own, before), _prepared(own, now)


def _extract(archive: bytes, target: Path) -> None:
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        tar.extractall(target, filter="data")


def _copy(root: Path, target: Path) -> None:
    """What git tracks, and what is new and not ignored: no environment, no cache, no `.env`."""
    names = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").decode("utf-8", "surrogateescape")
    for name in filter(None, names.split("\0")):
        source, copy = root / name, target / name
        if source.is_file() or source.is_symlink():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy, follow_symlinks=False)


def _prepared(own: Own, folder: Path) -> Made:
    if own.prepare:
        try:
            # with the proxies of the machine, since it installs; without a key, as installers have it
            done = subprocess.run(  # noqa: S603 - the team's own command, in no shell
                own.prepare, cwd=folder, env=variables(), capture_output=True, timeout=_PATIENCE
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return UnusableError(f"`prepare` can't be run: {error}")
        if done.returncode:
            words = done.stderr.decode("utf-8", "replace").strip().splitlines()
            return UnusableError(f"`prepare` failed: {words[-1][:300] if words else done.returncode}")
    return Driver(own.run, folder, own=True)


def calls(hellos: Sequence[Mapping[str, Any]]) -> Mapping[str, Sequence[str]]:
    """What both states of the driver can be asked, by endpoint."""
    said = [hello.get("calls", {"chat.completions": ["create", "stream"]}) for hello in hellos]
    first, *others = said
    return {
        name: [call for call in known if all(call in other.get(name, ()) for other in others)]
        for name, known in first.items()
    }
