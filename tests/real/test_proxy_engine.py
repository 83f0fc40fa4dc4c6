"""`gate proxy` between the official SDKs and a real engine: the same bytes on both sides, goldens that hold, a suite."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from gate.model import Exchange
from gate.proxy.tape import Kind
from gate.replay.service import Service
from gate.replay.serving import Server as Replay
from gate.replay.serving import serving
from gate.store import cassette
from gate.store.sides import load_side
from tests.real.servers import MODEL, Server, UnavailableError, engine
from tests.test_proxy import Passing, proxied

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

PYTHON = """
import openai
client, model = openai.OpenAI(max_retries=0), "MODEL"
ask = [{"role": "user", "content": "What is the capital of France? Answer with one word."}]
client.chat.completions.create(model=model, messages=ask, temperature=0, max_tokens=16)
for _ in range(2):
    for chunk in client.chat.completions.create(model=model, messages=ask, temperature=0, max_tokens=16, stream=True,
                                                stream_options={"include_usage": True}):
        pass
client.embeddings.create(model=model, input=["one", "two"])
client.models.list()
try:
    client.post("/chat/completions", cast_to=object, body={"model": model})
except openai.BadRequestError:
    pass
"""

NODE = """
import OpenAI from "openai";
const client = new OpenAI({maxRetries: 0}), model = "MODEL";
const messages = [{role: "user", content: "What is the capital of France? Answer with one word."}];
const ask = {messages, model, temperature: 0, max_tokens: 16};
await client.chat.completions.create(ask);
for (let n = 0; n < 2; n++)
  for await (const _ of await client.chat.completions.create({...ask, stream: true, stream_options: {include_usage: true}}));
await client.embeddings.create({model, input: ["one", "two"]});
await client.models.list();
try { await client.post("/chat/completions", {body: {model}}); } catch (error) { if (error.status !== 400) throw error; }
"""


@pytest.fixture(scope="module")
def baseline() -> Iterator[Server]:
    try:
        with engine() as server:
            yield server
    except UnavailableError as reason:
        pytest.skip(str(reason))


def sdk(language: str, folder: Path) -> list[str]:
    """The command that makes the calls with that SDK."""
    if language == "python":
        (folder / "calls.py").write_text(PYTHON.replace("MODEL", MODEL))
        return [sys.executable, "calls.py"]
    install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "openai@6"]
    if shutil.which("npm") is None or subprocess.run(install, cwd=folder, capture_output=True, timeout=300).returncode:
        pytest.skip("npm can't install openai here")
    (folder / "calls.mjs").write_text(NODE.replace("MODEL", MODEL))
    return ["node", "calls.mjs"]


def configured(folder: Path, base_url: str) -> None:
    route = f"{{base_url: '{base_url}', api_key_env: ENGINE_KEY, models: {{chat: {MODEL}, embedding: {MODEL}}}, max_concurrency: 2}}"
    (folder / "gate.yaml").write_text(
        f"version: 1\nsuite: [suite]\nroutes: {{baseline: {route}, candidate: {route}}}\nsamples: {{confirm: 0}}\n"
    )


def gate(folder: Path, key: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ENGINE_KEY": key,
        "OPENAI_API_KEY": "",
        "HELPDESK_MODEL": MODEL,
        "HELPDESK_EMBEDDING": MODEL,
    }
    command = [sys.executable, "-m", "gate", *arguments]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=600)


def drifts(folder: Path, server: str, key: str) -> tuple[int, set[str]]:
    """The exit code of a check, and the rules that it found apart from latency."""
    done = gate(folder, key, "check", "--base-url", server, "--report", "json:report.json")
    print(done.stdout, done.stderr, file=sys.stderr)
    report = json.loads((folder / "report.json").read_text("utf-8"))
    return done.returncode, {
        f["rule"] for f in report["findings"] if f["area"] != "latency" and f["severity"] != "info"
    }


def stored(folder: Path) -> list[Exchange]:
    return [one for path in cassette.scan(folder).values() for one in cassette.load(path).exchanges]


def spoken(tap: Passing) -> list[tuple[bytes, bytes]]:
    """What each connection asked, less the host, and what it was answered."""
    numbers = sorted({piece.connection for piece in tap.pieces})
    both: list[tuple[bytes, bytes]] = []
    for number in numbers:
        asked, answered = (
            b"".join(piece.data for piece in tap.pieces if (piece.connection, piece.kind) == (number, kind))
            for kind in (Kind.ASKED, Kind.ANSWERED)
        )
        both.append((re.sub(rb"(?im)^host: [^\r]*", b"host: h", asked), answered))
    return both


@pytest.mark.parametrize("language", ["python", "node"])
def test_both_sides_see_the_same_bytes_and_the_goldens_hold(language: str, baseline: Server, tmp_path: Path) -> None:
    command = sdk(language, tmp_path)
    with proxied(baseline.base_url) as far:
        configured(tmp_path, far.base)
        # a second tap stands between the SDK and the proxy: the command starts it, and is told its address
        (tmp_path / "tapped.py").write_text(TAPPED)
        done = gate(tmp_path, baseline.key, "proxy", "--", sys.executable, "tapped.py", *command)
    assert done.returncode == 0, done.stdout + done.stderr
    near = [(bytes.fromhex(asked), bytes.fromhex(answered)) for asked, answered in json.loads(done.stdout)]
    assert len(near) >= 1
    assert near == spoken(far)

    golden = stored(tmp_path / "golden")
    assert sorted((e.request.method, e.response.status if e.response else 0) for e in golden) == [
        ("GET", 200), ("POST", 200), ("POST", 200), ("POST", 200), ("POST", 200), ("POST", 400),
    ]  # fmt: skip
    agents = {value for e in golden for name, value in e.request.headers if name.lower() == "user-agent"}
    assert all("OpenAI" in agent for agent in agents)
    everything = [path.read_text() for folder in ("golden", "suite") for path in (tmp_path / folder).rglob("*.yaml")]
    assert not any(baseline.key in text for text in everything)
    assert gate(tmp_path, baseline.key, "verify").returncode == 0
    assert drifts(tmp_path, baseline.base_url, baseline.key) == (0, set())

    # the scenarios send the SDK's own bytes, and a planted drift is caught
    checked = {e.scenario: e.request.body for e in stored(tmp_path / ".gate" / "candidate")}
    assert checked == {e.scenario: e.request.body for e in golden}
    with serving(Replay(Service(load_side(tmp_path / "golden").exchanges, speed=0))) as replay:
        assert drifts(tmp_path, replay, baseline.key) == (0, set())
        code, rules = drifts(tmp_path, f"{replay}/!usage-missing", baseline.key)
        assert (code, "usage-missing" in rules or "request-rejected" in rules) == (1, True)


TAPPED = """
import json, os, subprocess, sys
from tests.real.test_proxy_engine import spoken
from tests.test_proxy import proxied
with proxied(os.environ["OPENAI_BASE_URL"]) as near:
    environ = {**os.environ, "OPENAI_BASE_URL": near.base, "OPENAI_API_BASE": near.base}
    code = subprocess.run(sys.argv[1:], env=environ, stdout=sys.stderr).returncode
print(json.dumps([[asked.hex(), answered.hex()] for asked, answered in spoken(near)]))
sys.exit(code)
"""


def test_a_projects_tests_become_its_suite(baseline: Server, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "examples" / "tests-as-suite", project)
    configured(project, baseline.base_url)
    tests: Sequence[str] = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:swapgate")
    done = gate(project, baseline.key, "proxy", "--", *tests)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout
    names = sorted(path.stem.rpartition("-")[0] for path in (project / "suite").glob("*.yaml"))
    assert names == ["chat", "chat", "chat-stream", "chat-ticket", "embed"]
    assert gate(project, baseline.key, "verify").returncode == 0
    assert drifts(project, baseline.base_url, baseline.key) == (0, set())
