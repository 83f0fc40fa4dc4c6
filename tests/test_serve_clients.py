"""Clients as they are replay every golden from `gate serve`: openai-python, curl, and (slow) Node's fetch and openai-node."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from gate.model import Exchange
from gate.replay.asks import recorded_path
from gate.replay.service import Service
from gate.replay.serving import Server, serving
from gate.store.shipped import goldens
from gate.store.sides import load_side

BAD_KEY = "sk-bad-0000"


@cache
def sides() -> dict[str, tuple[Exchange, ...]]:
    return {name: tuple(e for e in every if e.response) for name, every in load_side(goldens()).exchanges.items()}


def steps() -> list[tuple[str, int]]:
    return [(name, step) for name, every in sides().items() for step in sorted({e.step for e in every})]


def samples(name: str, step: int) -> list[Exchange]:
    return [exchange for exchange in sides()[name] if exchange.step == step]


def answers(name: str, step: int) -> set[tuple[int, bytes]]:
    return {(e.response.status, e.response.body) for e in samples(name, step) if e.response}


def key(name: str) -> str:
    return BAD_KEY if name == "error-bad-key" else "sk-mine"


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serving(Server(Service(sides(), speed=0))) as url:
        yield url


# -- openai-python ------------------------------------------------------------------------------


def python(client: openai.OpenAI, exchange: Exchange) -> Any:
    """The call of the SDK that sends this request, as the raw response of httpx."""
    path = recorded_path(exchange.request.url)
    if path == "models":
        return client.models.with_raw_response.list().http_response
    body = json.loads(exchange.request.body or b"")
    endpoints: dict[str, Any] = {
        "chat/completions": client.chat.completions,
        "embeddings": client.embeddings,
        "responses": client.responses,
    }
    if path == "chat/completions" and "messages" not in body:  # the SDK has no way to leave them out
        return client.post(path, cast_to=httpx.Response, body=body)
    return endpoints[path].with_raw_response.create(**body).http_response


@pytest.mark.parametrize(("name", "step"), [one for one in steps() if one[0] != "error-malformed-json"])
def test_openai_python(base: str, name: str, step: int) -> None:
    with openai.OpenAI(base_url=base, api_key=key(name), max_retries=0) as client:
        try:
            response = python(client, samples(name, step)[0])
        except openai.APIStatusError as error:
            response = error.response
        assert (response.status_code, response.read()) in answers(name, step)


def test_openai_python_reads_a_stream(base: str) -> None:
    with openai.OpenAI(base_url=base, api_key="sk-mine") as client:
        stream = client.chat.completions.create(**json.loads(samples("chat-stream", 0)[0].request.body or b""))
        assert "".join(chunk.choices[0].delta.content or "" for chunk in stream) == "The capital of France is Paris."


def test_openai_python_retries_and_then_succeeds(base: str) -> None:
    with openai.OpenAI(base_url=f"{base}/!status-503*1,reset", api_key="sk-mine", max_retries=2) as client:
        answer = client.chat.completions.create(
            model="any", messages=[{"role": "user", "content": "What is the capital of France? Answer with one word."}]
        )
        assert answer.choices[0].message.content


# -- curl ---------------------------------------------------------------------------------------


def curl(base: str, exchange: Exchange, api_key: str) -> tuple[int, bytes]:
    asked = exchange.request
    command = ["curl", "-sS", "-w", "%{stderr}%{http_code}", "-X", asked.method, f"{base}/{recorded_path(asked.url)}"]
    command += ["-H", f"authorization: Bearer {api_key}", "-H", "content-type: application/json"]
    command += ["--data-binary", "@-"] if asked.body else []
    done = subprocess.run(command, input=asked.body or b"", capture_output=True, check=True, timeout=60)
    return int(done.stderr), done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
@pytest.mark.parametrize(("name", "step"), steps())
def test_curl(base: str, name: str, step: int) -> None:
    assert curl(base, samples(name, step)[0], key(name)) in answers(name, step)


# -- Node ---------------------------------------------------------------------------------------

FETCH = """
const {base, calls} = JSON.parse(require("fs").readFileSync(0));
(async () => {
  const seen = [];
  for (const {path, method, key, body} of calls) {
    try {
      const answer = await fetch(`${base}/${path}`, {method, headers: {authorization: `Bearer ${key}`, "content-type": "application/json"},
        body: body === null ? undefined : Buffer.from(body, "base64")});
      seen.push([answer.status, Buffer.from(await answer.arrayBuffer()).toString("base64")]);
    } catch (error) { seen.push([0, Buffer.from(String(error.cause ?? error)).toString("base64")]); }
  }
  console.log(JSON.stringify(seen));
})();
"""

SDK = """
import OpenAI from "openai";
import {readFileSync} from "fs";
const {base, calls} = JSON.parse(readFileSync(0));
const seen = [];
for (const {path, method, key, body} of calls) {
  const client = new OpenAI({baseURL: base, apiKey: key, maxRetries: 0});
  const doc = body === null ? undefined : JSON.parse(Buffer.from(body, "base64"));
  const at = {"chat/completions": client.chat.completions, embeddings: client.embeddings, responses: client.responses};
  try {
    const call = path === "models" ? client.models.list() : at[path].create(doc);
    const answer = await call.asResponse();
    seen.push([answer.status, Buffer.from(await answer.arrayBuffer()).toString("base64")]);
  } catch (error) { seen.push([error.status, Buffer.from(JSON.stringify(error.error)).toString("base64")]); }
}
console.log(JSON.stringify(seen));
"""


def node(script: Path, base: str, calls: list[dict[str, Any]]) -> list[tuple[int, bytes]]:
    given = json.dumps({"base": base, "calls": calls}).encode()
    done = subprocess.run(
        ["node", script.name], input=given, capture_output=True, check=True, timeout=120, cwd=script.parent
    )
    return [(status, base64.b64decode(body)) for status, body in json.loads(done.stdout)]


def call(name: str, step: int) -> dict[str, Any]:
    asked = samples(name, step)[0].request
    body = None if asked.body is None else base64.b64encode(asked.body).decode()
    return {"path": recorded_path(asked.url), "method": asked.method, "key": key(name), "body": body}


needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="no Node here")


@pytest.mark.slow
@needs_node
def test_fetch_of_node(base: str, tmp_path: Path) -> None:
    script = tmp_path / "fetch.cjs"
    script.write_text(FETCH)
    seen = node(script, base, [call(name, step) for name, step in steps()])
    assert [one for one, answer in zip(steps(), seen, strict=True) if answer not in answers(*one)] == []


@pytest.mark.slow
@needs_node
def test_fetch_of_node_takes_a_cut_stream_under_close_for_a_whole_one(base: str, tmp_path: Path) -> None:
    """Why every fault comes with `Connection: close` and with keep-alive: Node's fetch tells them apart."""
    script = tmp_path / "fetch.cjs"
    script.write_text(FETCH)
    one = call("chat-stream", 0)
    kept, closed = node(script, base, [{**one, "path": f"!cut-after-3{how}/{one['path']}"} for how in ("", "+close")])
    assert (kept[0], b"closed" in kept[1]) == (0, True)
    assert (closed[0], closed[1].count(b"data: ")) == (200, 4)


@pytest.mark.slow
@needs_node
def test_openai_node(base: str, tmp_path: Path) -> None:
    install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "openai@6"]
    if (
        shutil.which("npm") is None
        or subprocess.run(install, cwd=tmp_path, capture_output=True, timeout=300).returncode
    ):
        pytest.skip("npm can't install openai here")
    script = tmp_path / "sdk.mjs"
    script.write_text(SDK)
    asked = [one for one in steps() if one[0] != "error-malformed-json"]
    seen = node(script, base, [call(name, step) for name, step in asked])
    wrong = [one for one, (status, body) in zip(asked, seen, strict=True) if not sdk_saw(status, body, answers(*one))]
    assert wrong == []


def sdk_saw(status: int, body: bytes, recorded: set[tuple[int, bytes]]) -> bool:
    """The body as recorded; of an error the SDK hands out the `error` object alone."""
    if status < 400:
        return (status, body) in recorded
    return (status, json.loads(body)) in [(s, json.loads(b)["error"]) for s, b in recorded]
