"""Every example, run as it stands but for its hosts: workflows by act, the others by their own shell."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gate.hermetic.launch import free_port
from gate.replay.server import serve
from tests.action.act import ACTION_ONLY, Machine, Run, checkout
from tests.action.conftest import commit
from tests.action.runner import KEY, ROOT, path_first
from tests.action.test_step import FORK, NOWHERE, PULL
from tests.provider import Provider
from tests.test_check import chunkwise, unfinished
from tests.test_cli import gate

pytestmark = pytest.mark.slow
EXAMPLES = ROOT / "examples"
SECRETS = ("CANDIDATE_API_KEY", "OPENAI_API_KEY", "GATEWAY_KEY", "BLUE_API_KEY", "GREEN_API_KEY")
OPENAI = "https://api.openai.com/v1"
CANDIDATES = (
    "https://gateway.example.com/v1",
    "https://blue.example.com/v1",
    "https://green.example.com/v1",
    "http://127.0.0.1:4000/v1",
)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("act"), checkout(tmp_path_factory.mktemp("swapgate"), ACTION_ONLY))


@pytest.fixture(scope="module")
def routes() -> Iterator[dict[str, str]]:
    """Where the hosts of the examples really are: the baseline, a faithful candidate and a drifting one."""
    with (
        serve(Provider(seed=1)) as baseline,
        serve(Provider(seed=2)) as faithful,
        serve(Provider(seed=3, mutate=chunkwise(unfinished))) as drifting,
    ):
        yield {"baseline": baseline, "faithful": faithful, "drifting": drifting}


@pytest.fixture(scope="module")
def goldens(tmp_path_factory: pytest.TempPathFactory, routes: dict[str, str]) -> Path:
    """The goldens of a team that uses the baseline of the examples."""
    folder = tmp_path_factory.mktemp("team")
    (folder / "gate.yaml").write_text(local((EXAMPLES / "minimal" / "gate.yaml").read_text(), routes, {}))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("OPENAI_API_KEY", KEY)
        assert gate("record").exit_code == 0
    return folder / "golden"


def local(text: str, routes: dict[str, str], candidates: dict[str, str]) -> str:
    """An example's text with its hosts on loopback, and the smallest suite."""
    for url in CANDIDATES:
        text = text.replace(url, routes[candidates.get(url, "faithful")])
    text = text.replace(OPENAI, routes["baseline"])
    text = re.sub(r"allowed-hosts: [\w. -]+", "allowed-hosts: 127.0.0.1", text)
    return text.replace("[standard]", "[minimal]").replace("gpt-5-mini", "gpt-4o-mini")


def repository(name: str, to: Path, goldens: Path, routes: dict[str, str], **candidates: str) -> Path:
    """A team's repository that follows the example; `candidates` says which route stands in for which host."""
    hosts = {url: kind for word, kind in candidates.items() for url in CANDIDATES if word in url}
    workflow = to / ".github" / "workflows" / "contract.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(local((EXAMPLES / name / "workflow.yml").read_text(), routes, hosts))
    (to / "gate.yaml").write_text(local((EXAMPLES / name / "gate.yaml").read_text(), routes, hosts))
    (to / "requirements.txt").write_text("openai==3.54.0\n")
    (to / "deploy.sh").write_text('#!/bin/sh\ntouch "$STUB_ARTIFACTS/deployed"\n')
    (to / "deploy.sh").chmod(0o755)
    shutil.copytree(goldens, to / "golden")
    (to / "golden" / ".gitattributes").write_text("* linguist-generated\n")
    commit(to)
    return to


def run(machine: Machine, folder: Path, event: str = "pull_request", **given: object) -> Run:
    payload = given.pop("payload", PULL if event == "pull_request" else {})
    secrets = {} if given.pop("without_secrets", False) else dict.fromkeys(SECRETS, KEY)
    found = machine.run(folder, ".github/workflows/contract.yml", event, payload, secrets=secrets, **given)  # type: ignore[arg-type]
    kept = [path for path in found.artifacts.rglob("*") if path.is_file()]
    assert [str(path) for path in kept if KEY.encode() in path.read_bytes()] == []
    assert KEY not in found.log + "".join(found.summaries)
    return found


def test_minimal(machine: Machine, goldens: Path, routes: dict[str, str], tmp_path: Path) -> None:
    folder = repository("minimal", tmp_path, goldens, routes)
    assert (folder / ".github/workflows/contract.yml").read_text() == (EXAMPLES / "minimal/workflow.yml").read_text()
    faithful = run(machine, folder, variables={"CANDIDATE_BASE_URL": routes["faithful"]})
    assert (faithful.jobs, faithful.outputs["gate"]["verdict"]) == ({"contract": "success"}, "pass"), faithful.log
    drifting = run(machine, folder, variables={"CANDIDATE_BASE_URL": routes["drifting"]})
    assert (drifting.jobs, drifting.outputs["gate"]["verdict"]) == ({"contract": "failure"}, "drift"), drifting.log
    fork = run(machine, folder, payload=FORK, without_secrets=True)  # which gets no variables either
    assert (fork.jobs, fork.outputs["gate"]["mode"]) == ({"contract": "success"}, "verify"), fork.log


def test_minimal_sends_no_key_where_a_pull_request_says(
    machine: Machine, goldens: Path, routes: dict[str, str], tmp_path: Path
) -> None:
    folder = repository("minimal", tmp_path, goldens, routes)
    config = folder / "gate.yaml"
    config.write_text(config.read_text().replace("${CANDIDATE_BASE_URL}", routes["drifting"]))
    found = run(machine, folder, variables={"CANDIDATE_BASE_URL": routes["faithful"]})
    assert found.jobs == {"contract": "failure"}, found.log
    assert "no key is sent there" in found.annotations[0][1]


def test_routes_matrix(machine: Machine, goldens: Path, routes: dict[str, str], tmp_path: Path) -> None:
    same = run(machine, repository("routes-matrix", tmp_path / "a", goldens, routes))
    assert set(same.jobs.values()) == {"success"}, same.log
    assert (same.outputs["gate"]["verdict"], same.outputs["gate"]["scenarios"]) == ("pass", "10")
    shards = sorted(path.name for path in same.artifacts.glob("gate-shard-*"))
    assert shards == [f"gate-shard-{route}-{shard}" for route in ("blue", "green") for shard in (1, 2)]
    folder = repository("routes-matrix", tmp_path / "b", goldens, routes, green="drifting")
    drifting = run(machine, folder)
    assert (drifting.jobs["gate"], drifting.outputs["gate"]["verdict"]) == ("failure", "drift"), drifting.log
    assert "| scenario | `blue` | `green` |" in drifting.summaries[-1]


def test_a_shard_that_died_is_missed(machine: Machine, goldens: Path, routes: dict[str, str], tmp_path: Path) -> None:
    folder = repository("routes-matrix", tmp_path, goldens, routes)
    found = run(machine, folder, arguments=("--matrix", "shard:1"))  # the other two never run
    assert (found.jobs["gate"], found.outputs["gate"]["verdict"]) == ("failure", "incomplete"), found.log
    assert "shard 2/2" in found.summaries[-1]


def test_a_fork_has_nothing_to_merge(machine: Machine, goldens: Path, routes: dict[str, str], tmp_path: Path) -> None:
    folder = repository("routes-matrix", tmp_path, goldens, routes)
    found = run(machine, folder, payload=FORK, without_secrets=True, arguments=("--matrix", "shard:1"))
    assert (found.jobs["gate"], found.outputs["gate"]["verdict"]) == ("success", "incomplete"), found.log
    assert "nothing to merge" in "".join(text for _, text in found.annotations)


def test_model_change(machine: Machine, goldens: Path, routes: dict[str, str], tmp_path: Path) -> None:
    """The main branch drifts, and has no report of before; a pull request finds the one that it left."""
    folder = repository("model-change", tmp_path / "team", goldens, routes)
    config = folder / "gate.yaml"
    config.write_text(config.read_text().replace(routes["baseline"], routes["drifting"]))
    commit(folder)
    main = run(machine, folder, "push")
    assert main.jobs == {"gate": "failure"}, main.log
    assert "there is no file .gate/base.json yet" in "".join(text for _, text in main.annotations)
    config.write_text(config.read_text().replace(routes["drifting"], routes["faithful"]))
    commit(folder)
    mended = run(machine, folder)
    assert (mended.jobs, mended.outputs["gate"]["verdict"]) == ({"gate": "success"}, "pass"), mended.log
    assert "Since the base (candidate, " in mended.summaries[-1]
    assert " fixed since the base</summary>" in mended.summaries[-1]


def test_gateway_change(
    machine: Machine, goldens: Path, routes: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "bin" / "docker"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\necho "$*" >> "{tmp_path}/docker.txt"\n')
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    found = run(machine, repository("gateway-change", tmp_path / "a", goldens, routes))
    assert (found.jobs, found.outputs["gate"]["verdict"]) == ({"gate": "success"}, "pass"), found.log
    assert "compose up --detach --wait gateway" in (tmp_path / "docker.txt").read_text()


def test_hermetic(machine: Machine, goldens: Path, routes: dict[str, str], tmp_path: Path) -> None:
    folder = repository("hermetic", tmp_path, goldens, routes)
    shutil.copy(ROOT / "tests/adapter.py", folder)
    config, workflow = folder / "gate.yaml", folder / ".github/workflows/contract.yml"
    start = '[python3, adapter.py, "{port}", "{upstream}", faithful]'
    text = re.sub(r"start: \[litellm.*\]", f"start: {start}", config.read_text())
    config.write_text(re.sub(r" +ready: .*\n", "", text))
    workflow.write_text(workflow.read_text().replace("python -m pip install -r requirements.txt", "true"))
    commit(folder)
    fork = run(machine, folder, payload=FORK, without_secrets=True)
    assert (fork.jobs, fork.outputs["gate"]["mode"]) == ({"gate": "success"}, "check"), fork.log
    assert fork.outputs["gate"]["verdict"] == "pass", fork.log
    keyed = workflow.read_text().replace("route: gateway", "route: gateway\n          api-key-env: OPENAI_API_KEY")
    workflow.write_text(keyed.replace("env:\n", "env:\n          OPENAI_API_KEY: ${{ secrets.OPENAI_API_KEY }}\n"))
    commit(folder)
    refused = run(machine, folder)
    assert refused.jobs == {"gate": "failure"}, refused.log
    assert "this step holds OPENAI_API_KEY" in refused.log


def test_service_container(machine: Machine, goldens: Path, routes: dict[str, str], tmp_path: Path) -> None:
    """No container runs here: an adapter stands where GitHub would have started it, before the job."""
    folder = repository("service-container", tmp_path, goldens, routes)
    port, upstream = free_port(), free_port()
    config, workflow = folder / "gate.yaml", folder / ".github/workflows/contract.yml"
    text = config.read_text().replace("127.0.0.1:8787", f"127.0.0.1:{port}")
    config.write_text(re.sub(r" +ready: .*\n", "", text).replace("0.0.0.0:9100", f"127.0.0.1:{upstream}"))
    without, number = re.subn(r"(?s)    services:\n.*?(?=    steps:\n)", "", workflow.read_text())
    assert number == 1
    workflow.write_text(without)
    commit(folder)
    adapter = [sys.executable, "-I", "-S", str(ROOT / "tests/adapter.py"), str(port), f"http://127.0.0.1:{upstream}/v1"]
    with subprocess.Popen([*adapter, "faithful"], stdout=subprocess.DEVNULL, cwd=tmp_path) as process:
        try:
            found = run(machine, folder, payload=FORK, without_secrets=True)
        finally:
            process.kill()
    assert (found.jobs, found.outputs["gate"]["mode"]) == ({"gate": "success"}, "check"), found.log
    assert found.outputs["gate"]["verdict"] == "pass", found.log


LLM = {
    "LLM_ROUTE": "candidate",
    "LLM_HOST": "127.0.0.1",
    "LLM_MODELS": "chat=gpt-4o-mini embedding=text-embedding-3-small",
}
FALLBACK = "stay on, or roll back to, baseline 127.0.0.1 chat=gpt-4o-mini embedding=text-embedding-3-small"


@pytest.mark.parametrize(
    ("route", "other", "jobs", "says"),
    [
        ("faithful", {}, {"gate": "success", "deploy": "success"}, ""),
        ("faithful", {"LLM_ROUTE": "baseline"}, {"gate": "success", "deploy": "failure"}, f"was judged: {FALLBACK}"),
        ("faithful", {"LLM_HOST": "evil.test"}, {"gate": "success", "deploy": "failure"}, f"was judged: {FALLBACK}"),
        (
            "faithful",
            {"LLM_MODELS": "chat=gpt-4o-mini embedding=text-embedding-3-large"},
            {"gate": "success", "deploy": "failure"},
            f"was judged: {FALLBACK}",
        ),
        ("drifting", {}, {"gate": "success", "stay": "failure"}, f"the verdict is drift: {FALLBACK}"),
        ("down", {}, {"gate": "success", "stay": "failure"}, f"the verdict is incomplete: {FALLBACK}"),
    ],
    ids=["judged", "other route", "other host", "other model", "drift", "down"],
)
def test_release_gate(
    machine: Machine,
    goldens: Path,
    routes: dict[str, str],
    tmp_path: Path,
    route: str,
    other: dict[str, str],
    jobs: dict[str, str],
    says: str,
) -> None:
    folder = repository("release-gate", tmp_path, goldens, {**routes, "down": NOWHERE}, gateway=route)
    found = run(machine, folder, "push", variables={**LLM, **other})
    assert found.jobs == jobs, found.log
    assert (found.artifacts / "deployed").is_file() == (not says)
    assert says in found.summaries[-1]  # act loses the last line of a step now and then, but never a file


def test_refresh_goldens(machine: Machine, goldens: Path, routes: dict[str, str], tmp_path: Path) -> None:
    same = run(machine, repository("refresh-goldens", tmp_path / "a", goldens, routes), "schedule")
    assert (same.jobs["record"], list(same.artifacts.iterdir())) == ("success", []), same.log
    moved = {**routes, "baseline": routes["drifting"]}
    found = run(machine, repository("refresh-goldens", tmp_path / "b", goldens, moved), "schedule")
    assert found.jobs == {"record": "success", "propose": "success"}, found.log
    body = (found.artifacts / "proposed" / "body.md").read_text()
    assert "| | golden | recorded now |" in body
    assert "To leave it: `git checkout origin/HEAD -- golden/chat-stream`" in body
    assert ".git" not in (found.artifacts / "proposed" / "files.txt").read_text()  # a hidden file is not proposed away


def test_sdk_upgrade(machine: Machine, goldens: Path, routes: dict[str, str], tmp_path: Path) -> None:
    folder = repository("sdk-upgrade", tmp_path, goldens, routes)
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, check=True, text=True)
    pull: dict[str, Any] = PULL["pull_request"]  # type: ignore[assignment]
    payload = {"number": 7, "pull_request": {**pull, "base": {**pull["base"], "sha": head.stdout.strip()}}}
    same = run(machine, folder, payload=payload)
    assert (same.jobs, same.outputs["gate"]["verdict"]) == ({"sdk": "success"}, "incomplete"), same.log
    (folder / "requirements.txt").write_text("openai==99.0.0\n")  # as a bot would, of a version that is gone again
    commit(folder)
    moved = run(machine, folder, payload=payload)
    assert (moved.jobs, moved.outputs["gate"]["verdict"]) == ({"sdk": "failure"}, "drift"), moved.log
    assert "sdk-unusable" in moved.summaries[-1]


# -- without GitHub -----------------------------------------------------------------------------


def shell(script: str, folder: Path, key: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """The script with this package in the place of `pip install swapgate`."""
    pip = tmp_path / "bin" / "pip"
    pip.parent.mkdir(exist_ok=True)
    pip.write_text("#!/bin/sh\n")
    pip.chmod(0o755)
    environ = {**path_first(), "CANDIDATE_API_KEY": key}
    environ["PATH"] = f"{pip.parent}:{environ['PATH']}"
    return subprocess.run(["sh", "-euc", script], cwd=folder, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("route", "code"), [("faithful", 0), ("drifting", 1)])
def test_shell(goldens: Path, routes: dict[str, str], tmp_path: Path, route: str, code: int) -> None:
    folder = plain("shell", tmp_path / "team", goldens, routes, route)
    done = shell((EXAMPLES / "shell" / "gate.sh").read_text(), folder, KEY, tmp_path)
    assert done.returncode == code, done.stdout + done.stderr
    assert {"gate.json", "gate.xml", "gate.html"} <= {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(("route", "key", "code"), [("faithful", KEY, 0), ("drifting", KEY, 1), ("drifting", "", 0)])
def test_gitlab(goldens: Path, routes: dict[str, str], tmp_path: Path, route: str, key: str, code: int) -> None:
    folder = plain("gitlab", tmp_path / "team", goldens, routes, route)
    job = yaml.safe_load((EXAMPLES / "gitlab" / ".gitlab-ci.yml").read_text())["gate"]
    done = shell("\n".join(job["script"]), folder, key, tmp_path)
    assert done.returncode == code, done.stdout + done.stderr
    assert ("no candidate was judged" in done.stdout) == (not key)
    reports = {*job["artifacts"]["reports"].values(), *job["artifacts"]["paths"]}
    assert (reports <= {path.name for path in folder.iterdir()}) == bool(key)


def plain(name: str, folder: Path, goldens: Path, routes: dict[str, str], route: str) -> Path:
    folder.mkdir()
    text = (EXAMPLES / name / "gate.yaml").read_text()
    (folder / "gate.yaml").write_text(local(text, routes, {CANDIDATES[0]: route}))
    shutil.copytree(goldens, folder / "golden")
    return folder
