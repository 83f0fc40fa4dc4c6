"""`mode: sdk` of the action: an update bot's pull request, judged without a key."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gate.action import drive
from gate.action.engine import Done
from tests.action.conftest import commit
from tests.action.runner import KEY, step
from tests.action.test_step import PULL, route

pytestmark = pytest.mark.usefixtures("way")


@pytest.fixture
def locked(team: Path) -> Path:
    """The team's repository with a lock file, as of the base of the pull request."""
    (team / "requirements.txt").write_text("openai==2.54.0\n")
    commit(team)
    return team


def payload(folder: Path) -> dict[str, Any]:
    """A pull request whose base is what is committed."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, check=True, text=True)
    pull: dict[str, Any] = PULL["pull_request"]  # type: ignore[assignment]
    return {"number": 7, "pull_request": {**pull, "base": {**pull["base"], "sha": head.stdout.strip()}}}


def test_where_no_sdk_moves_nothing_is_judged(locked: Path, temp: Path) -> None:
    found = step(locked, temp, {"mode": "sdk"}, event="pull_request", payload=payload(locked))
    assert (found.code, found.outputs["verdict"], found.outputs["report-dir"]) == (0, "incomplete", ""), found.raw
    assert [level for level, _ in found.annotations] == ["notice"]
    assert "No SDK's version differs" in found.summary


@pytest.mark.parametrize(
    ("given", "event", "says"),
    [
        ({}, "schedule", "`schedule` names no commit to compare with"),
        ({"since": "nosuch"}, "push", "git knows no such revision here"),
        ({}, "pull_request_target", "`pull_request_target`"),  # a stranger's lock file beside the secrets
        ({"api-key-env": "A_KEY"}, "pull_request", "needs no key"),
    ],
)
def test_what_it_refuses(locked: Path, temp: Path, given: dict[str, str], event: str, says: str) -> None:
    found = step(locked, temp, {"mode": "sdk", **given}, event=event)
    assert (found.code, found.outputs["verdict"]) == (2, "incomplete")
    assert says in found.told


def test_nothing_of_the_step_is_handed_to_packages(tmp_path: Path) -> None:
    use: Any = SimpleNamespace(
        inputs=SimpleNamespace(mode="sdk"),
        environ={"PATH": "/bin", "OPENAI_API_KEY": KEY, "NPM_TOKEN": KEY, "GITHUB_TOKEN": KEY},
        work=tmp_path / "run",
    )
    assert drive._environment(use) == {"PATH": "/bin", "GATE_SDK_CACHE": str(tmp_path / "sdks")}


@pytest.mark.parametrize("proposed", [True, False])
def test_what_is_handed_on(tmp_path: Path, proposed: bool) -> None:
    told: list[str] = []

    def gate(*arguments: str) -> Done:
        told.extend(arguments)
        return Done(0, "nothing to judge")

    given = SimpleNamespace(since="main", node=("20", "22"), config="gate.yaml", fail_on="config", mode="sdk", base="")
    event = SimpleNamespace(base="", proposed=proposed)
    use: Any = SimpleNamespace(inputs=given, event=event, report=tmp_path, work=tmp_path)
    drive._upgraded(use, SimpleNamespace(gate=gate))  # type: ignore[arg-type]
    # a pull request's step holds a token at least: no command of the pull request's own runs beside it
    own = ["--no-ours"] if proposed else []
    assert told[: 9 + len(own)] == [
        *("sdk", "--since", "main", "--config", "gate.yaml"),
        *own,
        *("--node", "20", "--node", "22"),
    ]


@pytest.mark.parametrize("proposed", [True, False])
def test_a_check_asks_the_sdks_in_use_but_never_in_a_pull_request(tmp_path: Path, proposed: bool) -> None:
    """The packages that a pull request names would run beside the key of its step."""
    given = SimpleNamespace(
        mode="check", sdk=True, node=("22",), config="gate.yaml", route=(), shard="", fail_on="config", base="",
        base_url="", suite=(),
    )  # fmt: skip
    use: Any = SimpleNamespace(
        inputs=given,
        event=SimpleNamespace(proposed=proposed),
        environ={"PATH": "/bin", "OPENAI_API_KEY": KEY},
        report=tmp_path,
        work=tmp_path / "run",
    )
    asked = drive._check(use, {"max_requests": 5})
    assert (asked[:9], asked[7:10] == ["--sdk", "--node", "22"]) == (
        [
            *("check", "--config", "gate.yaml", "--route", "candidate", "--max-requests", "5"),
            *(("--report", asked[8]) if proposed else ("--sdk", "--node")),
        ],
        not proposed,
    )
    assert "--ours" not in asked
    cache = {} if proposed else {"GATE_SDK_CACHE": str(tmp_path / "sdks")}
    assert drive._environment(use) == {**use.environ, **cache}


def test_a_pull_request_is_told_that_no_sdk_was_asked(locked: Path, temp: Path) -> None:
    with route() as env:
        given = {"sdk": "true", "api-key-env": "CANDIDATE_API_KEY", "allowed-hosts": env["CANDIDATE_BASE_URL"]}
        found = step(locked, temp, given, event="pull_request", payload=payload(locked), env=env)
    assert (found.code, found.outputs["verdict"]) == (0, "pass"), found.raw
    assert "the SDKs in use were not asked" in found.told


@pytest.mark.slow
def test_an_update_bot_is_told_what_breaks(locked: Path, temp: Path) -> None:
    before = payload(locked)
    (locked / "requirements.txt").write_text("openai==3.57.0\n")
    commit(locked)
    found = step(locked, temp, {"mode": "sdk"}, event="pull_request", payload=before)
    assert (found.code, found.outputs["verdict"], found.outputs["mode"]) == (1, "drift", "sdk"), found.raw
    assert "sdk-exception-changed" in found.summary
    assert all(Path(found.outputs[f"{kind}-path"]).is_file() for kind in ("junit", "sarif", "html", "json"))
