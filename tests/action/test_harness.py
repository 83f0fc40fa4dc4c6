"""action.yml under GitHub's own expression engine: defaults, conditions, outputs, the upload, and leaks anywhere."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gate.replay.server import serve
from tests.action import harness as node
from tests.action.act import STUBS
from tests.action.harness import Harness
from tests.action.runner import ACTION, KEY, ROOT, path_first
from tests.action.test_step import FORK, NOWHERE, PROBE, PULL, hostile, route
from tests.provider import Provider
from tests.test_check import chunkwise, unfinished

pytestmark = pytest.mark.slow
UPLOAD = "actions/upload-artifact"


@pytest.fixture(scope="session")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Harness:
    return node.installed(tmp_path_factory.mktemp("harness"))


def use(
    harness: Harness, team: Path, temp: Path, given: Mapping[str, str] | None = None, **scenario: Any
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
    found = harness.run(ROOT, document)
    assert (found["leaks"], found["dropped"]) == ([], [])
    return found


def event(name: str, payload: Mapping[str, Any] | None = None, actor: str = "octocat") -> dict[str, Any]:
    return {"github": {"event_name": name, "event": payload or {}, "actor": actor}}


def test_pass(harness: Harness, team: Path, temp: Path) -> None:
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


def test_drift(harness: Harness, team: Path, temp: Path) -> None:
    with route(Provider(seed=2, mutate=chunkwise(unfinished))) as env:
        found = use(harness, team, temp, env=env, **event("pull_request", PULL))
    assert (found["conclusion"], found["outputs"]["verdict"]) == ("failure", "drift")
    assert found["annotations"][0]["level"] == "error"
    assert "finish-reason-missing" in found["summaries"][0]["markdown"]
    # the report of a failing gate is uploaded all the same
    assert found["outputs"]["artifact-url"]


def test_incomplete(harness: Harness, team: Path, temp: Path) -> None:
    env = {"CANDIDATE_BASE_URL": NOWHERE, "CANDIDATE_API_KEY": KEY}
    found = use(harness, team, temp, env=env)
    assert (found["conclusion"], found["outputs"]["verdict"]) == ("failure", "incomplete")


def test_a_lost_secret(harness: Harness, team: Path, temp: Path) -> None:
    with serve(Provider()) as base:
        found = use(harness, team, temp, env={"CANDIDATE_BASE_URL": base, "CANDIDATE_API_KEY": ""})
    assert (found["conclusion"], found["outputs"]["mode"]) == ("failure", "check")
    assert "CANDIDATE_API_KEY" in found["annotations"][0]["message"]


@pytest.mark.parametrize(
    "scenario",
    [event("pull_request", FORK, "stranger"), event("pull_request", PULL, "dependabot[bot]")],
    ids=["fork", "Dependabot"],
)
def test_without_secrets(harness: Harness, team: Path, temp: Path, scenario: dict[str, Any]) -> None:
    env = {"CANDIDATE_BASE_URL": "", "CANDIDATE_API_KEY": ""}
    found = use(harness, team, temp, env=env, **scenario)
    assert (found["conclusion"], found["outputs"]["mode"], found["outputs"]["verdict"]) == (
        "success",
        "verify",
        "incomplete",
    )
    assert [one["level"] for one in found["annotations"]] == ["notice"]
    assert found["steps"][-1]["conclusion"] == "skipped"  # nothing to upload


def test_pull_request_target(harness: Harness, team: Path, temp: Path) -> None:
    provider = Provider()
    with route(provider) as env:
        found = use(harness, team, temp, env=env, **event("pull_request_target", FORK))
    assert (found["conclusion"], provider.requests) == ("failure", [])


def test_unknown_and_empty_inputs(harness: Harness, team: Path, temp: Path) -> None:
    found = use(harness, team, temp, {"fail_on": "risky", "mode": ""})
    assert found["conclusion"] == "failure"
    assert "there is no input `fail_on`" in found["annotations"][0]["message"]
    assert "input `mode` is empty" in found["annotations"][0]["message"]


@pytest.mark.parametrize("name", ACTION["inputs"])
def test_injection(harness: Harness, team: Path, temp: Path, name: str) -> None:
    found = use(harness, team, temp, {"mode": "verify", name: PROBE})
    assert list(temp.parent.rglob("canary*")) == []
    assert [one for one in found["annotations"] if one["message"].startswith("forged")] == []
    assert (found["conclusion"] == "success") == (name == "github-token")


def test_a_hostile_route(harness: Harness, team: Path, temp: Path) -> None:
    with route(Provider(seed=2, mutate=hostile)) as env:
        found = use(harness, team, temp, env=env)
    assert found["outputs"]["verdict"] == "drift"
    assert [one for one in found["annotations"] if one["message"].lstrip().startswith("forged")] == []
    kept = [path for path in (temp / "artifacts").rglob("*") if path.is_file()]
    assert [str(path) for path in kept if KEY.encode() in path.read_bytes()] == []


def test_two_uses_and_a_matrix(harness: Harness, team: Path, temp: Path) -> None:
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


def test_an_upload_that_fails_does_not_fail_the_gate(harness: Harness, team: Path, temp: Path) -> None:
    (temp / "artifacts" / "gate-report-job1-0").mkdir(parents=True)  # taken by another run
    with route() as env:
        found = use(harness, team, temp, env=env)
    assert (found["conclusion"], found["outputs"]["verdict"], found["outputs"]["artifact-url"]) == (
        "success",
        "pass",
        "",
    )


def test_no_upload(harness: Harness, team: Path, temp: Path) -> None:
    with route() as env:
        found = use(harness, team, temp, {"upload-artifact": "false"}, env=env)
    assert (found["conclusion"], found["uses"]) == ("success", [])


# -- the harness itself -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("programs", "ci", "raised", "says"),
    [
        ((), "true", pytest.skip.Exception, "there is no node and no npm"),
        (("node",), "true", pytest.skip.Exception, "there is no npm"),
        (("node", "npm"), "", pytest.skip.Exception, "npm can't install what runs action.yml: E404"),
        (("node", "npm"), "true", pytest.fail.Exception, "npm can't install what runs action.yml: E404"),
    ],
)
def test_what_is_missing_is_skipped_but_not_in_a_ci_that_has_npm(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    programs: tuple[str, ...],
    ci: str,
    raised: type[BaseException],
    says: str,
) -> None:
    for name in programs:
        (tmp_path / name).write_text("#!/bin/sh\necho E404 >&2\nexit 1\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    for name, value in (("PATH", str(tmp_path)), ("CI", ci), ("SWAPGATE_TESTBED", str(tmp_path / "cache"))):
        monkeypatch.setenv(name, value)
    with pytest.raises(raised, match=says):
        node.installed(tmp_path)


def small(folder: Path, *steps: str, outputs: str = "") -> Path:
    """An action with these steps."""
    folder.mkdir()
    text = 'name: x\ndescription: x\ninputs: {word: {default: "it\'s", description: x}}\n'
    (folder / "action.yml").write_text(f"{text}{outputs}\nruns:\n  using: composite\n  steps:\n{''.join(steps)}")
    return folder


def bash(run: str, more: str = "") -> str:
    return f"    - {{shell: bash, run: {json.dumps(run)}{more}}}\n"


def test_the_harness_sees_what_a_runner_would(harness: Harness, tmp_path: Path) -> None:
    action = small(
        tmp_path / "action",
        bash("echo sk-secret; printf '::error title=t::a%%0Ab\\n##[warning]w\\n'", ", id: one"),
        bash("exit 3", ", continue-on-error: true"),
        bash("for n in $(seq 12); do echo ::notice::$n; done; echo ::stop-commands::x; echo ::error::no; echo ::x::"),
        bash('echo "a=${{ inputs.word }}" >> "$GITHUB_OUTPUT"; echo "$TOKEN"', ', id: two, env: {TOKEN: "sk-secret"}'),
        bash("exit 1"),
        bash("exit 0", ", id: last"),
        bash("exit 0", ", id: cleanup, if: \"${{ !cancelled() && steps.two.outputs.a == 'it''s' }}\""),
        outputs="outputs: {a: {description: x, value: \"${{ steps.two.outputs.a }}\"}}",
    )  # fmt: skip
    scenario = {"secrets": ["sk-secret"], "workspace": str(tmp_path), "temp": str(tmp_path), "baseEnv": path_first()}
    found = harness.run(action, scenario)
    assert (found["conclusion"], found["outputs"], found["errors"]) == ("failure", {"a": "it's"}, [])
    assert [one["conclusion"] for one in found["steps"]] == ["success"] * 4 + ["failure", "skipped", "success"]
    assert found["annotations"][0] == {"level": "error", "step": "one", "message": "a\nb", "title": "t"}
    assert (len(found["annotations"]), len(found["dropped"])) == (12, 2)
    assert found["leaks"] == ["the script of one", "the log of one", "the log of two"]
    assert "***" in found["log"]
    assert "::error::no" in found["log"]


def test_a_wrong_action_is_refused(harness: Harness, tmp_path: Path) -> None:
    action = small(tmp_path / "action", "    - {run: 'true'}\n")
    found = harness.run(action, {"workspace": str(tmp_path), "temp": str(tmp_path)})
    assert found["conclusion"] == "failure"
    assert "shell" in found["errors"][0]


def test_every_run_of_our_actions_passes_shellcheck(harness: Harness, tmp_path: Path) -> None:
    shellcheck = str(Path(sys.executable).with_name("shellcheck"))
    files = [ROOT / "action.yml", *sorted(STUBS.glob("*/action.yml"))]
    done = harness.node("shellcheck-runs.mjs", shellcheck, *map(str, files))
    assert (done.returncode, done.stdout) == (0, "")
    bad = small(tmp_path / "action", bash("rm $1"))
    assert "SC2086" in harness.node("shellcheck-runs.mjs", shellcheck, str(bad / "action.yml")).stdout
