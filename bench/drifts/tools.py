"""The tools that are asked by a runner of ours, in versions that were the newest on the day of the run."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.drifts.ask import Ask, by_lines
from gate import __version__

ROOT = Path(__file__).parents[2]
RUNNERS = Path(__file__).with_name("runners")


@dataclass(frozen=True, slots=True)
class Tool:
    """`configured` says in a line how it is asked. `made` installs it into a folder and returns its runner. `released`:
    under its version it says the same tomorrow."""

    version: str
    configured: str
    made: Callable[[Path], Sequence[str]]
    released: bool = True

    @property
    def facts(self) -> Mapping[str, str]:
        """What an answer of it holds for."""
        return {"version": self.version, "configured": self.configured}

    def ask(self, folder: Path) -> Ask:
        """Installs the tool where it is not yet; returns how it is asked."""
        return partial(by_lines, self.made(folder), ROOT)


class MissingError(Exception):
    """A tool can't be asked on this machine; says what is missing."""


def tools(openapi: Path | None) -> Mapping[str, Tool]:
    """All of them. `openapi` is OpenAI's own schema (openapi.json of https://github.com/openai/openai-openapi)."""
    return {
        "swapgate": Tool(
            __version__,
            "`gate record` with two samples, then `gate check --base-url`, all else by default",
            lambda _: [sys.executable, "-m", "bench.drifts.runners.swapgate"],
            released=False,
        ),
        "Schemathesis": Tool(
            "4.32.5",
            "OpenAI's schema of the operation with the golden's status, every check of a response, "
            "`max_response_time`; what fails on the golden is its baseline",
            partial(_schemathesis, openapi),
        ),
        "promptfoo": Tool(
            "0.123.1",
            "a provider that sends the recorded request, `is-json` with a schema written from two answers of the "
            "golden (types, required, pinned values, width of vectors), `latency`",
            _promptfoo,
        ),
        "syrupy": Tool(
            "7.0.2",
            "pytest, a snapshot of the golden's answer, `path_type` for what differs from call to call",
            lambda folder: [*_python(folder, "syrupy==7.0.2", "pytest==9.2.0"), str(RUNNERS / "with_syrupy.py")],
        ),
    }


def _schemathesis(openapi: Path | None, folder: Path) -> Sequence[str]:
    if openapi is None:
        raise MissingError("it needs --openapi openapi.json, of https://github.com/openai/openai-openapi")
    python = _python(folder, "schemathesis==4.32.5")
    return [*python, str(RUNNERS / "with_schemathesis.py"), str(openapi.resolve())]


def _python(folder: Path, *requirements: str) -> Sequence[str]:
    """The interpreter of an environment with these packages of PyPI."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *requirements], check=True)
    return [str(python)]


def _promptfoo(folder: Path) -> Sequence[str]:
    """promptfoo and the Node that it asks for, both of the npm registry; it does not start without the driver of its
    database, which npm counts among the optional packages."""
    if shutil.which("npm") is None:
        raise MissingError("it needs npm")
    program = folder / "node_modules/promptfoo/dist/src/main.js"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        packages = ["promptfoo@0.123.1", "node@22.23.3"]
        options = ["--no-audit", "--no-fund", "--prefix", str(folder)]
        subprocess.run(["npm", "install", *options, *packages], check=True, capture_output=True)
    return [
        sys.executable,
        str(RUNNERS / "with_promptfoo.py"),
        str(folder / "node_modules/node/bin/node"),
        str(program),
    ]
