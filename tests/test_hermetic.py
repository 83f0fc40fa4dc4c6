"""A gateway between known bytes: real processes, both sides kept, and the same verdict again offline."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from gate.hermetic.launch import free_port
from gate.store.shipped import goldens
from gate.store.sides import load_side
from tests.test_cli import gate

pytestmark = [pytest.mark.slow, pytest.mark.alone]
ADAPTER = Path(__file__).with_name("adapter.py")
KEY = "sk-team-4f7a9c2e81d04b6c93e5"


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A team's folder: a chat and its stream, and one route for each manner of their adapter."""
    for name in ("chat", "chat-stream", "models", "error-bad-key"):
        (tmp_path / "golden" / name).mkdir(parents=True)
        (tmp_path / "golden" / name / "cassette.yaml").write_bytes((goldens() / name / "cassette.yaml").read_bytes())
    routes = {"baseline": {"base_url": "http://127.0.0.1:9/v1", "api_key_env": "TEAM_KEY"}}
    for manner in ("faithful", "meddling", "narrow", "impatient", "broken"):
        command = [sys.executable, "-I", "-S", str(ADAPTER), "{port}", "{upstream}", manner]
        routes[manner] = {"base_url": "http://127.0.0.1:{port}/v1", "upstream": "golden/", "start": command}  # type: ignore[dict-item]
    config = {"version": 1, "suite": ["chat", "chat-stream", "models", "error-bad-key"], "routes": routes}
    (tmp_path / "gate.yaml").write_text(yaml.safe_dump(config))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TEAM_KEY", KEY)
    return tmp_path


def check(route: str, *options: str) -> tuple[int, dict[str, Any]]:
    done = gate("check", "--route", route, "--report", "json:r.json", *options)
    return done.exit_code, json.loads(Path("r.json").read_text())


def told(report: dict[str, Any]) -> set[tuple[str, str, str]]:
    """(rule, scenario, path) of what is risky or worse."""
    return {(f["rule"], f["scenario"], f["path"]) for f in report["findings"] if f["severity"] != "info"}


def test_a_faithful_adapter_has_no_finding_and_both_sides_are_kept(team: Path) -> None:
    code, report = check("faithful")
    assert (code, report["verdict"], told(report)) == (0, "pass", set())
    offline = gate("diff", "golden", ".gate/faithful", "--report", "json")
    again = json.loads(offline.output)
    assert (again["findings"], again["scenarios"]) == (report["findings"], report["scenarios"])
    side = load_side(team / ".gate" / "faithful")
    calls = {name: [len(e.upstream or ()) for e in every] for name, every in side.exchanges.items()}
    assert {"chat", "chat@tools", "chat-stream@cancel"} <= calls.keys()
    assert {count for counts in calls.values() for count in counts} == {1}
    cancelled = side.exchanges["chat-stream@cancel"][0].upstream or ()
    assert [str(call.ending) for call in cancelled] == ["cancelled"], "the upstream saw the client leave"
    text = "".join(path.read_text() for path in (team / ".gate").rglob("*.yaml"))
    assert KEY not in text
    assert "sk-gate-0000" in text


def test_what_a_meddling_adapter_does_is_told(team: Path) -> None:
    code, report = check("meddling")
    found = told(report)
    assert code == 1
    assert ("request-field-dropped", "chat@parameters", "seed") in found
    assert ("request-role-changed", "chat@history", "messages[0].role") in found
    assert ("request-credentials-changed", "chat", "headers.authorization") in found
    assert {path for rule, scenario, path in found if (rule, scenario) == ("request-header-lost", "chat@headers")} >= {
        "headers.idempotency-key", "headers.traceparent", "headers.openai-organization", "headers.x-request-id",
    }  # fmt: skip
    retried = {f["scenario"]: f["message"] for f in report["findings"] if f["rule"] == "request-retried"}
    assert {name.partition("@")[2] for name in retried} == {"status-429+retry-after-1", "status-500", "html-502"}
    assert all(message.startswith("3 requests reach the upstream") for message in retried.values())
    assert ("request-retried", "chat", "request") not in found


def test_other_faults_and_none(team: Path) -> None:
    (team / "faults.yaml").write_text("version: 1\nfaults:\n  - {scenario: chat, fault: 'status-503*2'}\n")
    code, report = check("faithful", "--faults", "faults.yaml")
    names = {s["id"] for s in report["scenarios"]}
    assert (code, {name for name in names if "503" in name}) == (0, {"chat@status-503-times-2"})
    assert "chat@reset" not in names
    code, report = check("faithful", "--faults", "none", "--scenario", "chat")
    assert (code, {s["id"] for s in report["scenarios"] if "status" in s["id"]}) == (0, set())


def test_many_streams_at_once(team: Path) -> None:
    code, report = check("faithful", "--faults", "none", "--scenario", "chat-stream", "--load", "60")
    (load,) = [s for s in report["scenarios"] if s["id"] == "chat-stream@load-60"]
    assert (code, told(report), load["attempts"]) == (0, set(), 60)
    (line,) = load["upstream"]
    assert line.startswith("60 at once: 60 requests upstream, the last at ")
    assert " · clients: 60 200 · adds " in line
    offline = json.loads(gate("diff", "golden", ".gate/faithful", "--report", "json").output)
    assert offline["findings"] == report["findings"]


def test_a_gateway_with_few_places_is_told(team: Path) -> None:
    _, report = check("narrow", "--faults", "none", "--scenario", "chat-stream", "--load", "8")
    (found,) = [f for f in report["findings"] if f["rule"] == "request-queued"]
    assert (found["scenario"], found["hits"], found["samples"]) == ("chat-stream@load-8", 4, 8)


def test_a_gateway_that_does_not_wait_is_told(team: Path) -> None:
    rule = "{scenario: chat-stream, fault: pause-after-2-for-2s}"
    (team / "faults.yaml").write_text(f"version: 1\nfaults:\n  - {rule}\n")
    _, report = check("impatient", "--faults", "faults.yaml", "--scenario", "chat-stream")
    assert ("upstream-abandoned", "chat-stream@pause-after-2-for-2s", "request") in told(report)
    assert ("body-cut", "chat-stream@pause-after-2-for-2s", "body") in told(report)
    assert check("faithful", "--faults", "faults.yaml", "--scenario", "chat-stream")[0] == 0


def test_a_strict_upstream_refuses_what_the_api_does_not_know(team: Path) -> None:
    adapter = ADAPTER.read_text().replace('document.pop("seed", None)', 'document["top_k"] = 3')
    (team / "adding.py").write_text(adapter)
    config = yaml.safe_load((team / "gate.yaml").read_text())
    config["routes"]["meddling"]["start"][3] = "adding.py"
    (team / "gate.yaml").write_text(yaml.safe_dump(config))
    code, report = check("meddling", "--strict", "--faults", "none", "-s", "chat")
    assert code == 1
    assert ("request-field-added", "chat", "top_k") in told(report)
    assert any("Unrecognized request argument supplied: top_k" in f["message"] for f in report["findings"])


def test_a_gateway_that_does_not_come_up_shows_its_last_lines(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMETHING", "sk-proj-" + "A1b2C3d4" * 5)
    done = gate("check", "--route", "broken", "--report", "json:r.json")
    assert done.exit_code == 3
    said = done.output + done.stderr
    assert "the gateway ended with exit status 7" in said
    assert "manner broken; variables GATE_KEY GATE_PORT GATE_UPSTREAM" in said, "no TEAM_KEY"
    assert "\x1b" not in said
    assert "A1b2C3d4A1b2" not in said
    assert json.loads(Path("r.json").read_text())["verdict"] == "incomplete"


def test_nothing_is_left_behind_when_gate_is_killed(team: Path) -> None:
    argv = [sys.executable, "-m", "gate", "check", "--route", "faithful"]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    process = subprocess.Popen(argv, cwd=team, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    file = team / "adapter.pid"
    assert eventually(lambda: file.is_file() and file.read_text().isdecimal())
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert eventually(lambda: not alive(int(file.read_text())))


def eventually(holds: Callable[[], bool]) -> bool:
    """Waits until it holds; False after a minute."""
    deadline = time.monotonic() + 60
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_gateway_elsewhere_needs_its_upstream_to_listen(team: Path) -> None:
    port, upstream = free_port(), free_port()
    config = yaml.safe_load((team / "gate.yaml").read_text())
    config["routes"]["elsewhere"] = {"base_url": f"http://127.0.0.1:{port}/v1", "upstream": "golden"}
    (team / "gate.yaml").write_text(yaml.safe_dump(config))
    command = [sys.executable, "-I", "-S", str(ADAPTER), str(port), f"http://127.0.0.1:{upstream}/v1", "faithful"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        options = ("--listen", f"127.0.0.1:{upstream}", "--faults", "none", "-s", "chat")
        code, report = check("elsewhere", *options)
    finally:
        process.kill()
        process.wait()
    assert (code, told(report)) == (0, set())


def test_an_upgrade_tells_what_only_the_new_version_does(team: Path) -> None:
    code, report = check("meddling", "--against", "faithful")
    found = told(report)
    assert code == 1
    assert report["golden"]["route"] == "faithful"
    assert ("request-field-dropped", "chat@parameters", "seed") in found
    offline = gate("diff", ".gate/faithful", ".gate/meddling", "--report", "json")
    assert json.loads(offline.output)["findings"] == report["findings"]
    config = yaml.safe_load((team / "gate.yaml").read_text())
    config["routes"]["again"] = config["routes"]["meddling"]
    (team / "gate.yaml").write_text(yaml.safe_dump(config))
    code, report = check("again", "--against", "meddling", "--faults", "none")
    assert (code, told(report)) == (0, set())
