"""What changed in the committed goldens, in words: the contracts of the commit against those of the files."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from gate.action.engine import Engine

FILE = "contract-diff.md"
_CONTRACT = "contract.yaml"
# The last line of `gate contract diff`.
_COUNT = re.compile(r"(\d+) of \d+ contracts differ")


def copied(golden: Path, to: Path) -> Path:
    """The contracts as they are now, before they are recorded again."""
    to.mkdir(parents=True)
    for path in sorted(golden.glob(f"*/{_CONTRACT}")):
        _put(to / path.parent.name / _CONTRACT, path.read_bytes())
    return to


def committed(golden: Path, to: Path) -> Path | None:
    """The contracts of the commit that is checked out; None where the folder lies in no git checkout."""
    names = _git(golden, "ls-tree", "-r", "-z", "--name-only", "HEAD", ".")
    if names is None:
        return None
    to.mkdir(parents=True)
    for name in names.decode("utf-8", "surrogateescape").split("\0"):
        scenario, _, file = name.rpartition("/")
        # Names of a commit may hold anything; these become paths below the temporary folder.
        if file == _CONTRACT and "/" not in scenario and scenario not in ("", ".", ".."):
            _put(to / scenario / _CONTRACT, _git(golden, "cat-file", "blob", f"HEAD:./{name}") or b"")
    return to


def changes(engine: Engine, before: Path, golden: Path, report: Path) -> tuple[int, str]:
    """(how many contracts differ, Markdown that says how); the Markdown also goes into the report's folder.

    A broken contract counts as no change: `gate verify` reports it.
    """
    done = engine.gate("contract", "diff", str(before), str(golden), "--markdown", str(report / FILE))
    count = _COUNT.search(done.text)
    # 0: equal, 2: not comparable. Only 1 comes with a list.
    if done.code != 1 or not count:
        return 0, ""
    return int(count[1]), engine.clean((report / FILE).read_bytes())


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git says; None where there is no git, no repository or no such object. Plumbing only: it runs no filters."""
    git = shutil.which("git")
    if git is None or not folder.is_dir():
        return None
    # a container's checkout belongs to another user, which git distrusts
    command = [git, "-c", "safe.directory=*", "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 (our own arguments, no shell)
    return done.stdout if done.returncode == 0 else None


def keep(saved: Path, to: Path) -> None:
    """The candidate's exchanges beside the report, so that `gate diff` finds the verdict again. Follows no links."""
    for path in sorted(saved.glob("**/*.yaml")):
        if ".before" in path.relative_to(saved).parts:  # kept by `gate check`, of a run that is not this one
            continue
        # A link in the workspace, which a pull request fills, could upload any file of the runner.
        if path.is_file() and not path.is_symlink() and path.resolve().is_relative_to(saved.resolve()):
            target = to / path.relative_to(saved)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
