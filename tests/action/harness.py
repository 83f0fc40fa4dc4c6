"""Node's part of these tests: action.yml under GitHub's own expression engine, from npm, in a cache folder.

The folder is below `$SWAPGATE_TESTBED`, or `swapgate-testbed` in the user's cache. Without Node these tests are skipped;
a CI that has it must be able to install as well.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.real.servers import folder

_HERE = Path(__file__).parent
_MANIFESTS = ("package.json", "package-lock.json")


@dataclass(frozen=True)
class Harness:
    """A folder with our modules, beside the packages that they import."""

    home: Path

    def run(self, action: Path, scenario: Mapping[str, Any]) -> dict[str, Any]:
        """One use of an action. `scenario` is what run-action.mjs reads."""
        file = Path(scenario["temp"], "scenario.json")
        file.write_text(json.dumps(scenario), "utf-8")
        done = self.node("run-action.mjs", str(action), str(file))
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def node(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["node", str(self.home / module), *arguments], capture_output=True, text=True, check=False
        )


def installed(home: Path) -> Harness:
    """The harness in this folder; skips where there is no Node, or, outside of a CI, no registry."""
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"action.yml did not run under GitHub's expression engine: there is no {' and no '.join(missing)}")
    # a link, so that Node finds the packages from beside our modules, and ours are never stale
    (home / "node_modules").symlink_to(_packages() / "node_modules")
    for module in _HERE.glob("*.mjs"):
        shutil.copyfile(module, home / module.name)
    return Harness(home)


def _packages() -> Path:
    """The packages of the lock file, installed once for each state of it."""
    digest = hashlib.sha256(b"".join((_HERE / name).read_bytes() for name in _MANIFESTS)).hexdigest()[:16]
    home = folder() / f"action-harness-{digest}"
    ready = home / ".ready"
    if not ready.exists():
        shutil.rmtree(home, ignore_errors=True)  # an install that was broken off
        home.mkdir(parents=True)
        for name in _MANIFESTS:
            shutil.copyfile(_HERE / name, home / name)
        npm = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(npm, cwd=home, capture_output=True, text=True, check=False)
        if done.returncode:
            _unavailable((done.stderr.strip().splitlines() or ["npm said nothing"])[-1])
        ready.touch()
    return home


def _unavailable(why: str) -> None:
    """In a CI a registry out of reach is no excuse: nobody reads there what was skipped."""
    words = f"npm can't install what runs action.yml: {why}"
    if os.environ.get("CI") == "true":
        pytest.fail(words, pytrace=False)
    pytest.skip(words)
