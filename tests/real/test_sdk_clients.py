"""`gate check --sdk` and `gate diff --sdk` with real versions of the official SDKs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from gate.cli.check import command as check
from gate.cli.diff import command as diff
from gate.judge.report import judge
from gate.model import Exchange, Policy, Severity
from gate.model.sides import Side
from gate.replay.scripts import Rule, script_of
from gate.replay.service import Service
from gate.replay.serving import Server, serving
from gate.sdk.clients import prepared
from gate.sdk.versions import version_of
from gate.store.sides import load_side
from tests.mutation_goldens import GOLDENS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("npm") is None, reason="there is no Node.js here"),
]
GOLDEN = Path(__file__).parent.parent.parent / "golden"
PYTHON, NODE = "openai 3.57.0", "npm:openai 6.49.0"
CONFIG = f"""
version: 1
golden: {GOLDEN}
suite: [chat-stream, tool-forced-stream]
routes:
  candidate:
    base_url: http://127.0.0.1:1/v1
    models: {{chat: smollm2-135m-instruct, embedding: smollm2-135m-instruct}}
sdk: {{python: openai==3.57.0, node: "npm:openai@6.49.0"}}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "gate.yaml"
    path.write_text(CONFIG)
    return path


def _reported(command: click.Command, *arguments: str | Path) -> tuple[int, Any]:
    words = [*map(str, arguments), "--sdk", "--report", "json"]
    result = CliRunner().invoke(command, words, standalone_mode=False, catch_exceptions=False)
    return int(result.return_value), json.loads(result.stdout)


def _clients(report: Any) -> Mapping[str, Mapping[str, str]]:
    """What each client did, by `rule scenario` of what is more than info."""
    return {
        f"{one['severity']} {one['rule']} {one['scenario']}": {
            client["client"]: f"{client['did']} {client['what']}".strip() for client in one["clients"]
        }
        for one in report["findings"]
        if one["severity"] != "info"
    }


def test_the_same_bytes_twice_are_silent(config: Path, tmp_path: Path) -> None:
    """Three samples on each side, plain, streamed and parsed, a tool call, vectors and a refusal."""
    for name in ("chat", "chat-stream-usage", "json-schema", "tool-forced-stream", "embed-base64", "error-bad-key"):
        shutil.copytree(GOLDEN / name, tmp_path / "some" / name)
    code, report = _reported(diff, tmp_path / "some", tmp_path / "some", "--config", config)
    assert (code, report["findings"], len(report["scenarios"])) == (0, [], 6)


def test_a_route_that_drifts_and_what_two_clients_do(config: Path, tmp_path: Path) -> None:
    """No delta has the role: Python reads it, Node's stream helper raises. The verdict offline is the same."""
    service = Service(load_side(GOLDEN).exchanges, speed=0, rules=[Rule(script_of("role-never"))])
    with serving(Server(service)) as base_url:
        saved = tmp_path / "saved"
        options = ("--scenario", "chat-stream", "--config", config)
        code, live = _reported(check, *options, "--base-url", base_url, "--save", saved)
    told = {NODE: "raises OpenAIError in helper", PYTHON: "reads"}
    assert (code, _clients(live)) == (1, {"breaking role-missing chat-stream": told})
    code, offline = _reported(diff, GOLDEN / "chat-stream", saved / "chat-stream", "--config", config)
    assert (code, _clients(offline)) == (1, {"breaking role-missing cassette": told})


def test_what_no_rule_tells_is_a_finding_of_its_own() -> None:
    """In 2026 OpenAI added an event to the streams of responses. By the rules a new event is info; openai-node 6 raises."""
    event = {"type": "response.rate_limits.updated", "rate_limits": {"remaining_requests": "9999"}}
    golden = Side({"responses-stream": GOLDENS["responses-stream"]})
    candidate = replace(golden, exchanges={n: [_with(e, event) for e in es] for n, es in golden.exchanges.items()})
    versions = [version_of("openai==3.57.0"), version_of("npm:openai@6.49.0")]
    report = judge(*prepared(versions).read(golden, candidate), Policy(), date(2026, 11, 29))
    told = {f.rule: [str(effect) for effect in f.clients] for f in report.findings if f.severity > Severity.INFO}
    assert told == {"client-differs": [f"{NODE} raises OpenAIError in helper", f"{PYTHON} reads it"]}


def _with(exchange: Exchange, event: Mapping[str, Any]) -> Exchange:
    """With one more event before the last, all numbered in order."""
    assert exchange.response is not None
    docs = [json.loads(line[6:]) for line in exchange.response.body.splitlines() if line.startswith(b"data: {")]
    numbered = [{**doc, "sequence_number": number} for number, doc in enumerate((*docs[:-1], event, docs[-1]))]
    body = b"".join(f"event: {doc['type']}\ndata: {json.dumps(doc)}\n\n".encode() for doc in numbered)
    return replace(exchange, response=replace(exchange.response, body=body), chunks=())
