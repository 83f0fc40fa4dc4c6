"""action.yml under GitHub's own expression engine: defaults, conditions, outputs, the upload, and leaks anywhere.

The harness lies beside this repository, not in it; without it these tests are skipped (`ACTION_HARNESS` names another
place). The step itself, the workflows and the examples run without it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gate.replay.server import serve
from tests.action.act import STUBS
from tests.action.runner import ACTION, KEY, ROOT, path_first
from tests.action.test_step import FORK, NOWHERE, PROBE, PULL, hostile, route
from tests.provider import Provider
from tests.test_check import chunkwise, unfinished

HARNESS = Path(os.environ.get("ACTION_HARNESS") or ROOT.parent / "shared" / "action-harness")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (HARNESS / "run-action.mjs").is_file(), reason="no action harness beside this repository"),
    pytest.mark.skipif(shutil.which("npm") is None, reason="no npm"),
]
UPLOAD = "actions/upload-artifact"


@pytest.fixture(scope="session")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("harness")
    for path in HARNESS.iterdir():
        if path.is_file():
            shutil.copyfile(path, folder / path.name)
    subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=folder, check=True, capture_output=True)
    return folder


def use(
    harness: Path, team: Path, temp: Path, given: Mapping[str, str] | None = None, **scenario: Any
) -> dict[str, Any]:
    """One use of action.yml; `env` is the workflow's, and every key in it is a secret of the run."""
    env = {"STUB_ARTIFACTS": str(temp / "artifacts"), **scenario.pop("env", {})}
    document = {
        "with": {"api-key-env": "CANDIDATE_API_KEY", "allowed-hosts": "127.0.0.1", **(given or {})},
        "env": env,
        "secrets": [value for name, value in env.items() if name.endswith("_KEY") and value],
        "workspace": str(team),
        "temp": str(temp),
        "baseEnv": {"PATH": path_first()["PATH"], "HOME": str(temp), "LANG": "C.UTF-8"},
        "stubs": {UPLOAD: str(STUBS / UPLOAD.replace("/", "-"))},
        **scenario,
    }
    file = temp / "scenario.json"
    file.write_text(json.dumps(document), "utf-8")
    done = subprocess.run(
        ["node", "run-action.mjs", str(ROOT), str(file)], cwd=harness, capture_output=True, text=True, check=False
    )
    found: dict[str, Any] = json.loads(done.stdout)
    assert (found["leaks"], found["dropped"]) == ([], [])
    return found


def event(name: str, payload: Mapping[str, Any] | None = None, actor: str = "octocat") -> dict[str, Any]:
    return {"github": {"event_name": name, "event": payload or {}, "actor": actor}}


def test_pass(harness: Path, team: Path, temp: Path) -> None:
    with route() as env:
        found = use(harness, team, temp, env=env)
    got = found["outputs"]
    assert (found["conclusion"], found["errors"], found["annotations"]) == ("success", [], []), found
    assert (got["verdict"], got["mode"], got["scenarios"]) == ("pass", "check", "5")
    assert set(got) == set(ACTION["outputs"])
    assert got["artifact-url"].endswith("/gate-report-job1-0")
    (upload,) = found["uses"]
    assert upload["pinned"]
    assert (temp / "artifacts" / "gate-report-job1-0" / "gate.json").is_file()


def test_drift(harness: Path, team: Path, temp: Path) -> None:
    with route(Provider(seed=2, mutate=chunkwise(unfinished))) as env:
        found = use(harness, team, temp, env=env, **event("pull_request", PULL))
    assert (found["conclusion"], found["outputs"]["verdict"]) == ("failure", "drift")
    assert found["annotations"][0]["level"] == "error"
    assert "finish-reason-missing" in found["summaries"][0]["markdown"]
    # the report of a failing gate is uploaded all the same
    assert found["outputs"]["artifact-url"]


def test_incomplete(harness: Path, team: Path, temp: Path) -> None:
    env = {"CANDIDATE_BASE_URL": NOWHERE, "CANDIDATE_API_KEY": KEY}
    found = use(harness, team, temp, env=env)
    assert (found["conclusion"], found["outputs"]["verdict"]) == ("failure", "incomplete")


def test_a_lost_secret(harness: Path, team: Path, temp: Path) -> None:
    with serve(Provider()) as base:
        found = use(harness, team, temp, env={"CANDIDATE_BASE_URL": base, "CANDIDATE_API_KEY": ""})
    assert (found["conclusion"], found["outputs"]["mode"]) == ("failure", "check")
    assert "CANDIDATE_API_KEY" in found["annotations"][0]["message"]


@pytest.mark.parametrize(
    "scenario",
    [event("pull_request", FORK, "stranger"), event("pull_request", PULL, "dependabot[bot]")],
    ids=["fork", "Dependabot"],
)
def test_without_secrets(harness: Path, team: Path, temp: Path, scenario: dict[str, Any]) -> None:
    env = {"CANDIDATE_BASE_URL": "", "CANDIDATE_API_KEY": ""}
    found = use(harness, team, temp, env=env, **scenario)
    assert (found["conclusion"], found["outputs"]["mode"], found["outputs"]["verdict"]) == (
        "success",
        "verify",
        "incomplete",
    )
    assert [one["level"] for one in found["annotations"]] == ["notice"]
    assert found["steps"][-1]["conclusion"] == "skipped"  # nothing to upload


def test_pull_request_target(harness: Path, team: Path, temp: Path) -> None:
    provider = Provider()
    with route(provider) as env:
        found = use(harness, team, temp, env=env, **event("pull_request_target", FORK))
    assert (found["conclusion"], provider.requests) == ("failure", [])


def test_unknown_and_empty_inputs(harness: Path, team: Path, temp: Path) -> None:
    found = use(harness, team, temp, {"fail_on": "risky", "mode": ""})
    assert found["conclusion"] == "failure"
    assert "there is no input `fail_on`" in found["annotations"][0]["message"]
    assert "input `mode` is empty" in found["annotations"][0]["message"]


@pytest.mark.parametrize("name", ACTION["inputs"])
def test_injection(harness: Path, team: Path, temp: Path, name: str) -> None:
    found = use(harness, team, temp, {"mode": "verify", name: PROBE})
    assert list(temp.parent.rglob("canary*")) == []
    assert [one for one in found["annotations"] if one["message"].startswith("forged")] == []
    assert (found["conclusion"] == "success") == (name == "github-token")


def test_a_hostile_route(harness: Path, team: Path, temp: Path) -> None:
    with route(Provider(seed=2, mutate=hostile)) as env:
        found = use(harness, team, temp, env=env)
    assert found["outputs"]["verdict"] == "drift"
    assert [one for one in found["annotations"] if one["message"].lstrip().startswith("forged")] == []
    kept = [path for path in (temp / "artifacts").rglob("*") if path.is_file()]
    assert [str(path) for path in kept if KEY.encode() in path.read_bytes()] == []


def test_two_uses_and_a_matrix(harness: Path, team: Path, temp: Path) -> None:
    with route() as env:
        for index in (0, 1):
            found = use(harness, team, temp, {"shard": f"{index + 1}/2"}, env=env, strategy={"job-index": index})
            assert found["conclusion"] == "success", found
        assert use(harness, team, temp, env=env)["outputs"]["artifact-url"].endswith("gate-report-job1-0-2")
    names = sorted(path.name for path in (temp / "artifacts").iterdir())
    assert names == ["gate-report-job1-0", "gate-report-job1-0-2", "gate-report-job1-1"]
    merged = use(harness, team, temp, {"mode": "merge", "expect-shards": "2", "reports": "reports"}, env=env)
    assert (merged["conclusion"], merged["outputs"]["verdict"]) == ("failure", "incomplete")
    for name in (names[0], names[2]):
        shutil.copytree(temp / "artifacts" / name, team / "reports" / name)
    merged = use(harness, team, temp, {"mode": "merge", "expect-shards": "2", "reports": "reports"}, env=env)
    assert (merged["conclusion"], merged["outputs"]["scenarios"]) == ("success", "5")


def test_an_upload_that_fails_does_not_fail_the_gate(harness: Path, team: Path, temp: Path) -> None:
    (temp / "artifacts" / "gate-report-job1-0").mkdir(parents=True)  # taken by another run
    with route() as env:
        found = use(harness, team, temp, env=env)
    assert (found["conclusion"], found["outputs"]["verdict"], found["outputs"]["artifact-url"]) == (
        "success",
        "pass",
        "",
    )


def test_no_upload(harness: Path, team: Path, temp: Path) -> None:
    with route() as env:
        found = use(harness, team, temp, {"upload-artifact": "false"}, env=env)
    assert (found["conclusion"], found["uses"]) == ("success", [])
