"""The shell of action.yml: no expression in it, nothing for shellcheck, and every nested action pinned."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.action.runner import ACTION, ROOT, path_first

STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
WORKFLOWS = [
    *sorted((ROOT / ".github" / "workflows").glob("*.yml")),
    *sorted((ROOT / "examples").glob("*/workflow.yml")),
]


def test_no_expression_reaches_a_shell() -> None:
    scripts = [step["run"] for step in STEPS if "run" in step]
    for path in WORKFLOWS:
        jobs = yaml.safe_load(path.read_text("utf-8"))["jobs"].values()
        scripts += [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    assert len(scripts) > 5
    assert [script for script in scripts if "${{" in script] == []


@pytest.mark.parametrize("script", [step["run"] for step in STEPS if "run" in step])
def test_shellcheck(script: str) -> None:
    done = subprocess.run(
        ["shellcheck", "-s", "bash", "-"], input=script, capture_output=True, text=True, check=False, env=path_first()
    )
    assert done.stdout == ""


def test_nested_actions_are_pinned_by_commit_and_named_alike() -> None:
    """One commit for each action in all files, with the version it stands for."""
    found: dict[str, set[str]] = {}
    for path in [ROOT / "action.yml", *WORKFLOWS]:
        for name, ref, version in re.findall(r"uses: ([^@\s]+)@(\w+)(?:.*(# v.*))?", path.read_text("utf-8")):
            found.setdefault(name, set()).add(f"{ref} {version}".strip())
    assert found.pop("swapgate/swapgate") == {"v0"}
    assert {name: refs for name, refs in found.items() if len(refs) > 1} == {}
    assert all(re.fullmatch(r"[0-9a-f]{40} # v\d+\.\d+\.\d+", ref) for refs in found.values() for ref in refs)


@pytest.mark.parametrize(("part", "first"), [("inputs", "`mode`"), ("outputs", "`verdict`")])
def test_the_page_lists_what_action_yml_has(part: str, first: str) -> None:
    page = (ROOT / "docs" / "action.md").read_text("utf-8")
    table = next(
        block for block in page.split("\n\n") if block.startswith("|") and f"\n| {first}" in block and first in block
    )
    listed = [name for row in table.splitlines()[2:] for name in re.findall(r"`([a-z-]+)`", row.split("|")[1])]
    assert sorted(listed) == sorted(ACTION[part])
    if part == "inputs":
        said = {row.split("|")[1].strip(" `"): row.split("|")[2].strip(" `") for row in table.splitlines()[2:]}
        plain = {name: entry["default"] for name, entry in ACTION["inputs"].items() if "${{" not in entry["default"]}
        assert {name: said[name] for name in plain} == plain


def test_the_page_shows_the_minimal_example() -> None:
    shown = re.search(r"```yaml\n(.*?)```", (ROOT / "docs" / "action.md").read_text("utf-8"), re.DOTALL)
    assert shown
    example = Path(ROOT / "examples" / "minimal" / "workflow.yml").read_text("utf-8")
    assert shown[1] == "".join(line for line in example.splitlines(keepends=True) if not line.startswith("#"))


def test_the_major_tag_is_ours() -> None:
    version = re.search(r'"(\d+)\.', (ROOT / "gate" / "__init__.py").read_text("utf-8"))
    assert version
    assert version[1] == "0"  # the examples and pages say @v0


@pytest.mark.parametrize(
    ("file", "runs"),
    [
        ("gate.yaml", True),
        ("services/search/gate.yaml", True),
        ("golden/chat/cassette.yaml", True),
        ("tests/contracts/chat.yml", True),  # `golden: tests/contracts`
        ("recordings/chat.json", True),  # another recorder's
        ("scenarios/prompts.jsonl", True),
        ("README.md", False),
        ("src/yaml.py", False),
    ],
)
def test_the_pre_commit_hook_runs_for_what_gate_yaml_may_name(file: str, runs: bool) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert bool(re.search(hook["files"], file)) == runs


@pytest.mark.slow
def test_the_pre_commit_hook_verifies_the_folder_of_gate_yaml(team: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    (team / "golden").rename(team / "recorded")
    config = team / "gate.yaml"
    config.write_text(f"golden: recorded\n{config.read_text('utf-8')}".replace("golden: golden/\n", ""), "utf-8")
    command = hook["entry"].split()
    assert subprocess.run(command, cwd=team, env=path_first(), capture_output=True, check=False).returncode == 0
    (team / "recorded" / "chat" / "contract.yaml").write_text("scenario: chat\n", "utf-8")
    assert subprocess.run(command, cwd=team, env=path_first(), capture_output=True, check=False).returncode == 2
