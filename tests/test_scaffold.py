"""`make scaffold-rule`: what it writes is clean, and stays red until a person has filled it in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gate.judge.pairing import observed
from gate.model import Rule, Samples
from gate.observe.alignment import aligned
from tests.rules_table import Row, completion, judge, plain
from tests.scaffold_rule import ROOT, files, main

ID, AREA = "nothing-like-it", "usage"


def test_three_files_are_written_and_never_over_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([ID, AREA], tmp_path) == 0
    written = {path.relative_to(tmp_path).as_posix(): path.read_text("utf-8") for path in tmp_path.rglob("*.*")}
    assert written == files(ID, AREA)
    assert main([ID, AREA], tmp_path) == 2
    assert "nothing written: gate/rules/usage/nothing_like_it.py" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "make scaffold-rule ID=field-missing AREA=schema"),
        (["", ""], "small words with dashes"),
        (["../x", AREA], "small words with dashes"),
        ([ID, "rules"], "an area is one of transport, schema"),
    ],
)
def test_what_can_not_be_written(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments, tmp_path) == 2
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_module_is_a_rule_that_runs_and_is_silent() -> None:
    found: dict[str, Any] = {}
    exec(files(ID, AREA)[f"gate/rules/{AREA}/{ID.replace('-', '_')}.py"], found)  # our own text
    rule: Rule = found["RULE"]
    usual, other = (Samples(observed([plain(completion(finish=finish))])) for finish in ("stop", "length"))
    comparison = aligned(usual, other)
    assert list(rule.check(comparison)) == []
    # and once a person has said what is odd, it tells that
    found["_odd"] = lambda observation: observation is other[0]
    assert [(drift.path, drift.sample) for drift in rule.check(comparison)] == [("TODO: path", 0)]


def test_the_table_is_red_until_it_says_what_drifts() -> None:
    found: dict[str, tuple[Row, ...]] = {}
    exec(files(ID, AREA)[f"tests/rules/{ID.replace('-', '_')}.py"], found)  # our own text
    first, *silent = found["CASES"]
    assert first.fires
    assert judge(first) == ()
    assert len(silent) >= 2
    assert all("TODO" in text for text in files(ID, AREA).values())


def test_the_linter_and_the_formatter_have_no_complaint(tmp_path: Path) -> None:
    main([ID, AREA], tmp_path)
    for command in (["check"], ["format", "--check"]):
        argv = [sys.executable, "-m", "ruff", *command, "--config", str(ROOT / "pyproject.toml"), str(tmp_path)]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_the_types_fit(tmp_path: Path) -> None:
    main([ID, AREA], tmp_path)
    for path in tmp_path.rglob("*.py"):
        argv = [sys.executable, "-m", "mypy", "--strict", str(path)]
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
