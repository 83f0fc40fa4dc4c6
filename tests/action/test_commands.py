"""Commands, masks and files of the runner; the environment of the engine."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from gate.action import commands
from gate.action.install import environment
from gate.action.outcome import Outcome, judged, settled
from gate.errors import GateError
from gate.redact import kinds
from tests.action.runner import ROOT, outputs, step

SECRET = 'sk-"a+b/c"-0123456789'


@pytest.mark.parametrize(
    "text",
    [
        f"Bearer {SECRET}",
        quote(SECRET, safe=""),
        json.dumps({"key": SECRET}),
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"user:{SECRET}".encode()).decode(),
        base64.b64encode(f"Bearer {SECRET}, more".encode()).decode(),
        base64.b64encode(f"xy{SECRET}".encode()).decode(),
    ],
)
def test_a_secret_is_known_in_any_dress(text: str) -> None:
    assert any(form in text for form in commands.forms(SECRET))


def test_every_form_of_a_secret_is_one_of_the_scrubber() -> None:
    assert commands.forms(SECRET) == kinds.forms(SECRET)
    assert json.dumps('a"b\\é-secret')[1:-1] in commands.forms('a"b\\é-secret')


def test_lines_of_a_secret_are_masked_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    commands.mask("first-line-of-it\nsecond-line-of-it\n\n")
    printed = capsys.readouterr().out.splitlines()
    assert {"::add-mask::first-line-of-it", "::add-mask::second-line-of-it"} <= set(printed)
    assert "::add-mask::" not in printed
    commands.mask("")
    commands.mask("abc")
    assert capsys.readouterr().out == ""


def test_an_annotation_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    commands.annotate("error", "100% wrong\n::error::forged\r##[error]forged")
    assert capsys.readouterr().out.count("\n") == 1


def test_reports_lose_secrets(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "gate.json").write_text(json.dumps({"message": SECRET}))
    (tmp_path / "clean.md").write_text("nothing")
    assert commands.redact(tmp_path, {"A_KEY": SECRET, "OTHER": "not-in-there"}) == ["A_KEY"]
    assert json.loads((tmp_path / "deep" / "gate.json").read_text()) == {"message": "***"}


def test_outputs_and_summary(tmp_path: Path) -> None:
    file = tmp_path / "out"
    commands.set_outputs(str(file), {"verdict": "pass", "breaking": 3, "path": "/a b\n=x"})
    assert outputs(file) == {"verdict": "pass", "breaking": "3", "path": "/a b\n=x"}
    commands.summarize(str(tmp_path / "sum"), "é" * 2**20)
    assert (tmp_path / "sum").stat().st_size < 2**20
    commands.set_outputs(None, {"verdict": "pass"})
    commands.summarize(None, "outside of a runner")


# -- outcome ------------------------------------------------------------------------------------


def test_a_crash_is_no_drift(tmp_path: Path) -> None:
    assert judged("check", 1, tmp_path) == Outcome("check", 2)
    assert judged("check", 3, tmp_path).code == 3


def test_on_incomplete_lets_nothing_else_by() -> None:
    for code in (1, 2):
        assert settled(Outcome("check", code, scenarios=3), "pass", 1).code == code
    assert settled(Outcome("check", 3, scenarios=3), "pass", 1).code == 0
    assert settled(Outcome("check", 3, scenarios=3), "fail", 1).code == 3
    assert settled(Outcome("check", 0, "pass", scenarios=0), "pass", 1).code == 2
    assert settled(Outcome("verify", 0, "pass"), "fail", 1).code == 0


# -- the engine's environment -------------------------------------------------------------------


@pytest.mark.slow
def test_the_lock_installs_and_the_engine_runs_from_the_checkout(team: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    first = step(team, bare, {"mode": "verify"})
    assert (first.code, first.outputs["verdict"]) == (0, "pass"), first.raw
    (python,) = bare.glob("swapgate-*/bin/python")
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    )
    assert "swapgate" not in listed.stdout
    started = python.stat().st_mtime_ns
    assert step(team, bare, {"mode": "verify"}).code == 0
    assert python.stat().st_mtime_ns == started


@pytest.mark.slow
def test_what_pip_says_is_told(tmp_path: Path) -> None:
    broken = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    with pytest.raises(GateError, match="can't be installed"):
        environment(tmp_path, broken)


def test_an_old_python_is_told_what_to_do() -> None:
    script = "import runpy, sys; sys.version_info = (3, 8, 1); runpy.run_path('entry.py', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-I", "-c", script], cwd=ROOT / "gate" / "action", capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout.startswith("::error title=swapgate::the gate needs Python 3.11 or newer, and found 3.8")
