"""What the README promises: its commands run from an empty repository, its workflow is the example that is tested."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from gate.cli import COMMANDS
from gate.replay.server import serve
from gate.reports import formats
from gate.rules import rules
from tests.provider import Provider

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SHELL = [line[2:].partition("  #")[0].strip() for line in README.splitlines() if line.startswith("$ ")]


def test_the_workflow_is_the_minimal_example() -> None:
    shown = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert [block in (ROOT / "examples/minimal/workflow.yml").read_text("utf-8") for block in shown] == [True]


def test_every_command_format_and_count_is_true() -> None:
    assert {name for name in COMMANDS if f"`gate {name}" not in README} == set()
    assert {name for name in formats() if name != "terminal" and f"`{name}`" not in README} == set()
    assert f"has {len(rules())} rules" in README


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert {link for link in links if not (ROOT / link).exists()} == set()


def test_the_commands_give_a_working_gate_in_an_empty_repository(tmp_path: Path) -> None:
    """Line by line as the README has them; the provider of `gate init` is one on loopback."""
    environ = dict(os.environ)
    with serve(Provider(seed=1)) as base:
        values = {"OPENAI_API_KEY": "sk-test-0001", "CANDIDATE_API_KEY": "sk-test-0001", "CANDIDATE_BASE_URL": base}
        for line in SHELL:
            if line.startswith("export "):
                environ.update({name.partition("=")[0]: values[name.partition("=")[0]] for name in line.split()[1:]})
            elif line.startswith("gate "):
                argv = [sys.executable, "-m", "gate", *shlex.split(line)[1:]]
                done = subprocess.run(argv, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=120)
                assert done.returncode == 0, done.stdout + done.stderr
                config = tmp_path / "gate.yaml"
                config.write_text(config.read_text("utf-8").replace("https://api.openai.com/v1", base), "utf-8")
    assert "PASS" in done.stdout


@pytest.mark.slow
def test_the_demo_passes_one_route_and_fails_the_other(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "gate", "demo", "--junit", "demo.xml", "--html", "demo.html"]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "exit codes: 0 for the faithful route, 1 for the drifting one" in done.stdout
    assert (tmp_path / "demo.xml").read_text("utf-8").startswith("<?xml")
    page = (tmp_path / "demo.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "finish-reason-missing" in page
