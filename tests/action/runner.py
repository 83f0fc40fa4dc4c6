"""A runner for one step: what GitHub does with the process that action.yml starts, as far as it can be seen from there.

The engine's environment is not installed but stood in for by this one; a slow test installs it for real.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gate.action.install import LOCK

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
TOKEN = "ghs_token0123456789"
DEFAULTS = {name: entry["default"] for name, entry in ACTION["inputs"].items()} | {
    "github-token": TOKEN,
    "artifact-name": "gate-report-job1-0",
}
KEY = "sk-test-key-0001"
_COMMAND = re.compile(r"\s*::([a-z-]+|[0-9a-f]{32,})(?: ([^:]*(?::[^:]+)*?))?::(.*)", re.DOTALL)


def engine_folder(temp: Path) -> Path:
    """Where the action looks for the engine's environment."""
    python = subprocess.run(
        ["python3", "-I", "-c", "import sys; print(sys.version, end='')"],
        capture_output=True,
        check=True,
        env=path_first(),
    )
    return temp / f"swapgate-{hashlib.sha256(python.stdout + LOCK.read_bytes()).hexdigest()[:16]}"


def seeded(temp: Path) -> Path:
    """A RUNNER_TEMP in which the engine's environment stands ready: this one."""
    folder = engine_folder(temp)
    (folder / "bin").mkdir(parents=True)
    python = folder / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
    python.chmod(0o755)
    (folder / "ready").touch()
    return temp


def path_first() -> dict[str, str]:
    """The environment of this process with its own Python first on PATH."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@dataclass
class Step:
    """What GitHub would show of a step, and what it would hand on. `raw` is everything that was printed."""

    code: int
    outputs: dict[str, str]
    summary: str
    raw: str
    annotations: list[tuple[str, str]] = field(default_factory=list)
    masks: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        return "\n".join(f"{level}: {message}" for level, message in self.annotations)


def step(
    workspace: Path,
    temp: Path,
    given: Mapping[str, str] | None = None,
    *,
    event: str = "push",
    payload: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
    actor: str = "octocat",
) -> Step:
    """Run the step of action.yml that gates, with these inputs over the defaults."""
    files = {name: temp / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_EVENT_PATH")}
    for file in files.values():
        file.write_text("", "utf-8")
    files["GITHUB_EVENT_PATH"].write_text(json.dumps(payload or {}), "utf-8")
    environ = {
        **{name: value for name, value in path_first().items() if not name.startswith(("GITHUB_", "CANDIDATE_"))},
        **{name: str(file) for name, file in files.items()},
        "GITHUB_EVENT_NAME": event,
        "GITHUB_ACTOR": actor,
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_JOB": "job1",
        "GITHUB_WORKFLOW": "contract",
        "GITHUB_ACTION_PATH": str(ROOT),
        "RUNNER_TEMP": str(temp),
        "GATE_INPUTS": json.dumps({**DEFAULTS, **(given or {})}),
        **(env or {}),
    }
    script = ACTION["runs"]["steps"][0]["run"]
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=workspace, env=environ, capture_output=True, check=False,
    )  # fmt: skip
    raw = (done.stdout + done.stderr).decode()
    found = Step(done.returncode, outputs(files["GITHUB_OUTPUT"]), files["GITHUB_STEP_SUMMARY"].read_text(), raw)
    return sorted_out(found)


def outputs(file: Path) -> dict[str, str]:
    """The output file, read as the runner does."""
    found: dict[str, str] = {}
    lines = iter(file.read_text("utf-8").splitlines())
    for text in lines:
        name, _, end = text.partition("<<")
        found[name] = "\n".join(iter(lambda: next(lines), end))
    return found


def sorted_out(found: Step) -> Step:
    """The step with what it printed sorted into commands and log, by the runner's rules for `stop-commands`."""
    stopped = ""
    for text in found.raw.split("\n"):
        match = _COMMAND.fullmatch(text)
        if stopped:
            if match and match[1] == stopped:
                stopped = ""
            else:
                found.log.append(text)
        elif match is None:
            assert "##[" not in text, text  # the runner takes these anywhere in a line
            found.log.append(text)
        elif match[1] == "stop-commands":
            stopped = match[3]
        elif match[1] == "add-mask":
            found.masks.append(match[3])
        else:
            assert match[1] in ("error", "warning", "notice"), text
            found.annotations.append((match[1], match[3].replace("%0A", "\n").replace("%25", "%")))
    assert not stopped
    return found
