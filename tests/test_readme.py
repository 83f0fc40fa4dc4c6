"""What the README promises: its commands run from an empty repository, its workflow is the example that is tested."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from gate.cli import COMMANDS
from gate.replay.server import serve
from gate.reports import formats
from gate.rules import rules
from tests.action.act import ACTION_ONLY, Machine, checkout
from tests.action.conftest import commit
from tests.action.runner import KEY
from tests.action.test_step import PULL
from tests.provider import Provider
from tests.rule_pages import counted

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
ACTION = (ROOT / "docs/action.md").read_text("utf-8")
ROUTE = re.compile(r"https://(?:api\.openai|llm\.example)\.com/v1")
WORKFLOW = (ROOT / "examples/minimal/workflow.yml").read_text("utf-8")
START = (ROOT / "docs/index.md").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Followed:
    """A repository that was empty, after the commands of a page, and what each printed."""

    folder: Path
    environ: Mapping[str, str]
    candidate: str
    said: Mapping[str, str]
    started: float


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    with follow(README, tmp_path_factory) as followed:
        yield followed


def shell(page: str) -> list[str]:
    """The commands of a page, as they are typed."""
    return [line[2:].partition("  #")[0].strip() for line in page.splitlines() if line.startswith("$ ")]


@contextmanager
def follow(page: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    """Line by line as the page has them; the routes of `gate init` are on loopback, swapgate comes from here."""
    started, folder = time.monotonic(), tmp_path_factory.mktemp("team")
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environ["PATH"] = f"{environment(tmp_path_factory.mktemp('venv'))}{os.pathsep}{environ['PATH']}"
    with serve(Provider(seed=1)) as baseline, serve(Provider(seed=2)) as candidate:
        values = {"CANDIDATE_BASE_URL": candidate}
        said = {}
        for line in shell(page):
            if line.startswith("export "):
                names = [each.partition("=")[0] for each in line.split()[1:]]
                environ.update({name: values.get(name, KEY) for name in names})
            elif not line.startswith("make "):  # those are for a checkout of this repository
                said[line] = typed(line, folder, environ)
            if line.startswith("gate init"):
                config = folder / "gate.yaml"
                config.write_text(ROUTE.sub(baseline, config.read_text("utf-8"), count=1), "utf-8")
        yield Followed(folder, environ, candidate, said, started)


def environment(folder: Path) -> Path:
    """The `bin` of a new environment, whose `pip` installs the wheel of this checkout; dependencies are ours."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    command = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "install", "--quiet"]
    offline = ["--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    pip = folder / "bin" / "pip"
    pip.write_text(f'#!/bin/sh\ntest "$*" = "install swapgate" && exec {shlex.join([*command, *offline, str(ROOT)])}\n')
    pip.chmod(0o755)
    return pip.parent


def typed(line: str, folder: Path, environ: Mapping[str, str]) -> str:
    done = subprocess.run(
        ["sh", "-c", line], cwd=folder, env=environ, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
    return done.stdout


def test_the_workflow_is_the_minimal_example_and_has_ten_lines() -> None:
    shown = [re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[0] for page in (README, ACTION)]
    assert shown == [WORKFLOW, WORKFLOW]
    assert len(WORKFLOW.splitlines()) == 10


def test_every_command_format_and_count_is_true() -> None:
    assert {name for name in COMMANDS if f"`gate {name}" not in README} == set(), "README.md names every command"
    unnamed = {name for name in formats() if name != "terminal" and f"`{name}`" not in README}
    assert unnamed == set(), "README.md names every report format, below its table of commands"
    assert counted(README) == README, "README.md has another number of rules: run `make pages`"
    assert f"has {len(rules())} rules" in README


def test_the_number_of_packages_is_that_of_the_lock_file() -> None:
    locked = re.findall(r"^[a-z0-9-]+==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    assert f"{len(locked) + 1} packages with ours" in README


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert {link for link in links if not (ROOT / link).exists()} == set()


@pytest.mark.slow
def test_the_commands_give_a_working_gate_in_an_empty_repository(followed: Followed) -> None:
    assert followed.said["gate check"].startswith("PASS")
    assert (followed.folder / ".github/workflows/contract.yml").read_text("utf-8") == WORKFLOW
    typed("gate verify", followed.folder, followed.environ)


@pytest.mark.slow
def test_the_commands_of_the_first_page_of_the_site_do_what_it_says(tmp_path_factory: pytest.TempPathFactory) -> None:
    with follow(START, tmp_path_factory) as followed:
        judged = [words for line, words in followed.said.items() if line.startswith(("gate check", "gate diff"))]
        assert [words[:4] for words in judged] == ["PASS", "PASS"]
        assert "api_key_env: LLM_API_KEY" in (followed.folder / "gate.yaml").read_text("utf-8")


@pytest.mark.slow
def test_its_pull_request_is_judged(followed: Followed, tmp_path: Path) -> None:
    """What the README says next: commit, create the secret and the variable, open a pull request."""
    commit(followed.folder)
    action, scratch = tmp_path / "action", tmp_path / "act"
    scratch.mkdir()
    secrets, variables = {"CANDIDATE_API_KEY": KEY}, {"CANDIDATE_BASE_URL": followed.candidate}
    found = Machine(scratch, checkout(action, ACTION_ONLY)).run(
        followed.folder, ".github/workflows/contract.yml", "pull_request", PULL, secrets=secrets, variables=variables
    )
    assert (found.jobs, found.outputs["gate"]["verdict"]) == ({"contract": "success"}, "pass"), found.log
    assert found.outputs["gate"]["mode"] == "check"
    assert time.monotonic() - followed.started < 300


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
