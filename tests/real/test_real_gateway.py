"""The main job on real servers: record from an engine, check it against itself, check a gateway in front of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.real.servers import Server, UnavailableError, engine, environment, litellm

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def baseline() -> Iterator[Server]:
    try:
        with engine() as server:
            yield server
    except UnavailableError as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def project(baseline: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with our gate.yaml and suite, and goldens that were recorded just now."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "gate.yaml", folder)
    shutil.copytree(ROOT / "tests/real/suite", folder / "tests/real/suite")
    done = gate(folder, baseline, baseline, "record")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def gate(folder: Path, golden: Server, candidate: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, **environment(golden, candidate)}
    command = [sys.executable, "-m", "gate", *arguments]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, timeout=600)


def check(folder: Path, golden: Server, candidate: Server) -> tuple[int, dict[str, Any]]:
    """The exit code of `gate check`, and its JSON report."""
    done = gate(folder, golden, candidate, "check", "--report", "json:report.json", "--report", "terminal")
    print(done.stdout, done.stderr, file=sys.stderr)
    report: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    return done.returncode, report


def enforced(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in report["findings"] if one["severity"] == "breaking" and one["outcome"] == "enforced"]


def test_what_was_recorded_is_whole(project: Path, baseline: Server) -> None:
    shipped = {path.parent.name for path in (ROOT / "golden").glob("*/cassette.yaml")}
    assert {path.parent.name for path in (project / "golden").glob("*/contract.yaml")} == shipped
    assert gate(project, baseline, baseline, "verify").returncode == 0


@pytest.mark.parametrize("turn", range(3))
def test_the_same_route_passes_every_time(project: Path, baseline: Server, turn: int) -> None:
    code, report = check(project, baseline, baseline)
    # a small model on a busy machine may really be slow once; that is for budgets, and fails nothing here
    found = [one["rule"] for one in report["findings"] if one["area"] != "latency"]
    assert (code, report["verdict"], found) == (0, "pass", [])


def test_the_repositorys_own_goldens_still_hold(baseline: Server, tmp_path: Path) -> None:
    for name in ("gate.yaml", "golden", "tests/real/suite"):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place)
        else:
            shutil.copy(ROOT / name, place)
    code, report = check(tmp_path, baseline, baseline)
    assert (code, enforced(report)) == (0, [])


def test_a_real_gateway_drifts(project: Path, baseline: Server) -> None:
    try:
        with litellm(baseline) as gateway:
            code, report = check(project, baseline, gateway)
    except UnavailableError as reason:
        pytest.skip(str(reason))
    assert (code, report["verdict"]) == (1, "drift")
    found = {(one["rule"], one["scenario"]) for one in report["findings"]}
    assert {
        ("client-error-changed", "error-bad-key"),  # 400 "No connected db." for a key that is not known
        ("error-code-changed", "error-invalid-request"),  # "400" instead of 400
        ("usage-place", "chat-stream-usage"),  # the usage chunk gets a choice
    } <= found
    assert {one["status"] for one in report["scenarios"]} == {"pass", "drift"}
    assert_the_files_say_the_same(project, baseline, report)


def assert_the_files_say_the_same(project: Path, baseline: Server, report: dict[str, Any]) -> None:
    gate(project, baseline, baseline, "diff", "golden", ".gate/candidate", "--report", "json:diff.json")
    later = json.loads((project / "diff.json").read_text("utf-8"))
    prints = [[one["fingerprint"] for one in found["findings"]] for found in (report, later)]
    assert prints[0] == prints[1]
    assert later["verdict"] == report["verdict"]


@pytest.mark.parametrize(
    ("base_url", "codes", "said"),
    [
        ("http://no-such-host.invalid/v1", {3}, "does not resolve"),
        ("http://127.0.0.1:9/v1", {3}, "connection refused"),
        ("{base}/v1", {2}, "/v1 twice"),
        ("{base}/chat/completions", {2}, "full endpoint"),
        ("{base}x", {2, 3}, "answers 404"),
    ],
    ids=["host", "port", "twice", "endpoint", "path"],
)
def test_a_wrong_base_url_is_explained(
    project: Path, baseline: Server, base_url: str, codes: set[int], said: str
) -> None:
    wrong = Server(base_url.format(base=baseline.base_url), baseline.key, baseline.log)
    file = project / "wrong.json"
    file.unlink(missing_ok=True)
    done = gate(project, baseline, wrong, "check", "--report", "json:wrong.json")
    assert done.returncode in codes
    assert said in done.stderr
    assert "fix:" in done.stderr
    # a route that can't be reached has a verdict; a mistake in the configuration has none
    assert file.exists() == (done.returncode == 3)
    report = json.loads(file.read_text("utf-8")) if file.exists() else {"verdict": "incomplete", "findings": []}
    assert (report["verdict"], report["findings"]) == ("incomplete", [])
