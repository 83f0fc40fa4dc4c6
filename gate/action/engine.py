"""The engine's commands, run as a user would, in an environment that holds no token and no file of the runner."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gate.action.commands import forms, quoted, say
from gate.errors import GateError

# Files that steer later steps of the job, credentials of GitHub's own services, and our inputs (with the token).
# ACTIONS_* holds the tokens of cache and artifacts; GITHUB_ENV and GITHUB_PATH would let a route's text, once in a file
# there, change every later step. PYTHON* could bring in modules of the workspace.
_HIDDEN = re.compile(
    r"GATE_INPUTS|INPUT_.*|ACTIONS_.*|GH_TOKEN|GITHUB_(TOKEN|ENV|PATH|OUTPUT|STATE|STEP_SUMMARY)|PYTHON.*"
)
_ENTRY = Path(__file__).with_name("entry.py")
# How `gate` begins an error (`cli.run`).
_ERROR = re.compile(r"^error: ", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, without secrets, and its exit code."""

    code: int
    text: str
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Engine:
    """`hidden` are the secrets of this run by the name of their variable."""

    python: Path
    environ: Mapping[str, str]
    hidden: Mapping[str, str]

    def gate(self, *arguments: str) -> Done:
        """Run `gate …` and show what it prints, where no command in it can fire."""
        done = self._run("gate", arguments)
        out, err = (self.clean(raw) for raw in (done.stdout, done.stderr))
        # What it prints repeats texts of the route.
        with quoted():
            say("\n".join(part.rstrip("\n") for part in (f"gate {' '.join(arguments[:1])}", err, out) if part))
        return Done(done.returncode, out, _errors(done.returncode, err))

    def ask(self, order: Mapping[str, Any]) -> Mapping[str, Any]:
        """The plan (`gate.action.plan`) of an order. Raises GateError with its words."""
        done = self._run("gate.action.plan", (), json.dumps(order).encode())
        try:
            plan: Mapping[str, Any] = json.loads(done.stdout)
        except ValueError:
            # The end of the output has the error; the beginning is pip's and Python's.
            raise GateError(f"the engine does not start: {self.clean(done.stderr)[-2000:]}") from None
        if plan["error"]:
            raise GateError(plan["error"])
        return plan

    def _run(self, module: str, arguments: tuple[str, ...], stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        clean = {name: value for name, value in self.environ.items() if not _HIDDEN.fullmatch(name)}
        clean["GATE_KEYS"] = ",".join(self.hidden)  # a gateway that the check starts must not see these
        # utf8: a runner with LANG=C would end the first report that holds an umlaut with a UnicodeEncodeError.
        command = [str(self.python), "-I", "-X", "utf8", str(_ENTRY), module, *arguments]
        return subprocess.run(command, env=clean, input=stdin, capture_output=True, check=False)  # noqa: S603 (no shell)

    def clean(self, raw: bytes) -> str:
        """A text without the secrets of this run."""
        text = raw.decode("utf-8", "replace")
        for secret in self.hidden.values():
            for form in forms(secret):
                text = text.replace(form, "***")
        return text


def _errors(code: int, stderr: str) -> tuple[str, ...]:
    """The errors that a command printed, for the page of the run."""
    errors = tuple(part.strip() for part in _ERROR.split(stderr)[1:])
    if errors or code in (0, 1, 3):
        return errors
    return (f"the gate stopped with exit code {code}: its log says more",)
