"""The engine as a process: its output fires nothing and holds no secret, and its environment holds no token."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gate.action.engine import Done, Engine
from gate.errors import GateError
from tests.action.runner import KEY, TOKEN, Step, sorted_out


def engine(folder: Path, script: str, environ: dict[str, str] | None = None) -> Engine:
    """An engine whose Python is a shell script."""
    python = folder / "python"
    python.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    python.chmod(0o755)
    return Engine(python, {"PATH": "/usr/bin:/bin", **(environ or {})}, {"A_KEY": KEY})


def gate(
    folder: Path, script: str, capsys: pytest.CaptureFixture[str], environ: dict[str, str] | None = None
) -> tuple[Done, Step]:
    done = engine(folder, script, environ).gate("check")
    return done, sorted_out(Step(done.code, {}, "", capsys.readouterr().out))


def test_no_command_in_its_output_fires(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = "echo ::error::forged; echo ' ##[error]forged'; echo ::stop-commands::x >&2; echo ::x:: >&2; echo ::warning::z >&2"
    done, shown = gate(tmp_path, script, capsys)
    assert shown.annotations == []
    assert "::error::forged" in done.text
    assert "::warning::z" in shown.log


def test_no_secret_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = f"echo 'key {KEY}'; echo 'error: {KEY} is wrong' >&2; exit 2"
    done, shown = gate(tmp_path, script, capsys)
    assert (done.text, done.errors) == ("key ***\n", ("*** is wrong",))
    assert KEY not in shown.raw


def test_its_environment_steers_no_later_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hidden = (
        "GATE_INPUTS",
        "GITHUB_TOKEN",
        "GH_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "INPUT_GITHUB-TOKEN",
        "PYTHONPATH",
    )
    files = ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")
    given = {
        **dict.fromkeys((*hidden, *files), TOKEN),
        "CANDIDATE_API_KEY": "x",
        "GITHUB_SHA": "abc",
        "HTTPS_PROXY": "p",
    }
    done, _ = gate(tmp_path, "/usr/bin/env", capsys, given)
    names = {line.partition("=")[0] for line in done.text.splitlines()}
    assert names & {*hidden, *files} == set()
    assert {"CANDIDATE_API_KEY", "GITHUB_SHA", "HTTPS_PROXY"} <= names


@pytest.mark.parametrize(
    ("script", "errors"),
    [
        ("exit 0", ()),
        ("exit 1", ()),
        ("echo 'note: x' >&2; echo 'error: a\n  fix: b' >&2; echo 'Error: c' >&2; exit 2", ("a\n  fix: b", "c")),
        ("exit 70", ("the gate stopped with exit code 70: its log says more",)),
        ("kill -9 $$", ("the gate stopped with exit code -9: its log says more",)),
    ],
)
def test_errors_for_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], script: str, errors: tuple[str, ...]
) -> None:
    assert gate(tmp_path, script, capsys)[0].errors == errors


def test_a_plan_that_does_not_come(tmp_path: Path) -> None:
    with pytest.raises(GateError, match="does not start"):
        engine(tmp_path, f"echo {KEY} >&2; exit 1").ask({})
    with pytest.raises(GateError, match="wrong config"):
        engine(tmp_path, f"echo '{json.dumps({'error': 'wrong config'})}'").ask({})
