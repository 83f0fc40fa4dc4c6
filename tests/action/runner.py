"""A runner for one step: what GitHub does with the process that action.yml starts, as far as it can be seen from there.

The engine's environment is not installed but stood in for by this one; a slow test installs it for real. A step is
started as the runner does it, or runs `inside` of this process, which costs no start of three interpreters.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from gate import cli
from gate.action import drive, plan
from gate.action.install import LOCK, SDK_LOCK

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
TOKEN = "ghs_token0123456789"
DEFAULTS = {name: entry["default"] for name, entry in ACTION["inputs"].items()} | {
    "github-token": TOKEN,
    "artifact-name": "gate-report-job1-0",
}
KEY = "sk-test-key-0001"
_COMMAND = re.compile(r"\s*::([a-z-]+|[0-9a-f]{32,})(?: ([^:]*(?::[^:]+)*?))?::(.*)", re.DOTALL)


@cache
def _version() -> bytes:
    """`sys.version` of the Python that a step finds."""
    script = ["python3", "-I", "-c", "import sys; print(sys.version, end='')"]
    return subprocess.run(script, capture_output=True, check=True, env=path_first()).stdout


def engine_folder(temp: Path, lock: Path = LOCK) -> Path:
    """Where the action looks for the engine's environment."""
    return temp / f"swapgate-{hashlib.sha256(_version() + lock.read_bytes()).hexdigest()[:16]}"


def seeded(temp: Path) -> Path:
    """A RUNNER_TEMP in which the engine's environment stands ready: this one."""
    for folder in (engine_folder(temp, lock) for lock in (LOCK, SDK_LOCK)):
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
    code, raw = START[-1](workspace, environ)
    found = Step(code, outputs(files["GITHUB_OUTPUT"]), files["GITHUB_STEP_SUMMARY"].read_text("utf-8"), raw)
    return sorted_out(found)


def started(workspace: Path, environ: Mapping[str, str]) -> tuple[int, str]:
    """The shell of action.yml, its Python, and the engine as processes: exit code, and what they printed."""
    script = ACTION["runs"]["steps"][0]["run"]
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=workspace, env=environ, capture_output=True, check=False,
    )  # fmt: skip
    return done.returncode, (done.stdout + done.stderr).decode()


def inside(workspace: Path, environ: Mapping[str, str]) -> tuple[int, str]:
    """The same without a process: what the action does and the engine's commands run here, one after the other."""
    processes = SimpleNamespace(run=_engine, CompletedProcess=subprocess.CompletedProcess)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as out:
        patch.chdir(workspace)
        patch.setattr("gate.action.engine.subprocess", processes)
        code = drive.main(environ)
    return code, out.getvalue()


START = [started]
"""How a step starts: the last one counts."""


def _engine(
    command: Sequence[str], *, env: Mapping[str, str], input: bytes, **_: Any
) -> subprocess.CompletedProcess[bytes]:
    """`python -I -X utf8 entry.py MODULE ARGUMENT…` in this process, with nothing but the environment that it is given."""
    module, *arguments = command[command.index(str(ROOT / "gate" / "action" / "entry.py")) + 1 :]
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in os.environ.keys() - env.keys():
            patch.delenv(name)
        for name, value in env.items():
            patch.setenv(name, value)
        patch.setattr("sys.stdin", io.StringIO(input.decode()))
        patch.setattr("gc.set_threshold", lambda *_: None)  # of this process
        code = plan.main() if module == "gate.action.plan" else cli.run(arguments)
    return subprocess.CompletedProcess([], code, out.getvalue().encode(), err.getvalue().encode())


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
