"""The main job over real sockets: record, check, verdict; what drifts, what is noise, and what is an outage."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gate.model import Ending, Exchange, Response
from gate.replay.server import serve
from tests.provider import Provider
from tests.recorded import check, inside, record
from tests.test_cli import gate

CONFIG = """\
version: 1
suite: [standard]
samples: {record: 2, check: 1, confirm: 2}
routes:
  baseline: &route
    base_url: ${BASE}
    api_key_env: GATE_TEST_KEY
    models: {chat: gpt-4o-mini, embedding: text-embedding-3-small}
  candidate: *route
"""


@pytest.fixture(scope="module")
def goldens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with gate.yaml and the goldens of the standard suite, recorded once."""
    return record(tmp_path_factory.mktemp("team"), CONFIG)


@pytest.fixture
def team(goldens: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return inside(goldens, monkeypatch)


@pytest.mark.slow
def test_the_same_route_passes_three_times_in_a_row(team: Path) -> None:
    for seed in (2, 3, 4):
        code, report = check(Provider(seed=seed))
        assert (code, report["verdict"], report["findings"]) == (0, "pass", [])
        assert {s["status"] for s in report["scenarios"]} == {"pass"}


def test_an_endpoint_that_the_candidate_lacks_is_asked_twice_and_is_one_drift(team: Path) -> None:
    error = Response(404, "", (("content-type", "application/json"),), b'{"error":{"message":"Not Found"}}')
    lacks: Mutate = lambda e: replace(e, response=error, chunks=()) if e.request.url.endswith("/embeddings") else e
    provider = Provider(mutate=lacks)
    code, report = check(provider)
    asked = [r.url.endswith("/embeddings") for r in provider.requests]
    assert (code, sum(asked), asked[-1]) == (1, 2, True)  # the second time when all else was sent
    drifted = [s["id"] for s in report["scenarios"] if s["status"] == "drift"]
    skipped = {s["id"]: s["reason"] for s in report["scenarios"] if s["status"] == "skipped"}
    assert len(drifted) == 1
    assert skipped
    assert all(name.startswith("embed") for name in (*drifted, *skipped))
    assert {*skipped.values()} == {"the route answers 404 to embeddings"}
    offline = gate("diff", "golden", ".gate/candidate", "--report", "json")
    again = json.loads(offline.output)
    assert (offline.exit_code, again["findings"], again["scenarios"]) == (1, report["findings"], report["scenarios"])


# -- drifts -------------------------------------------------------------------------------------

Mutate = Callable[[Exchange], Exchange]


def body(found: Exchange) -> Any:
    assert found.response
    return json.loads(found.response.body)


def with_body(found: Exchange, raw: bytes | dict[str, Any], **changes: Any) -> Exchange:
    assert found.response
    raw = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return replace(found, response=replace(found.response, body=raw, **changes), chunks=())


def streamed(found: Exchange) -> bool:
    return bool(found.response and found.response.body.startswith(b"data:"))


def asks(found: Exchange, word: bytes) -> bool:
    return word in (found.request.body or b"")


def chunkwise(edit: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Mutate:
    """Edit every chunk of every stream; None drops it."""

    def mutate(found: Exchange) -> Exchange:
        if not streamed(found) or not found.response:
            return found
        lines = [line[6:] for line in found.response.body.decode().split("\n\n") if line.startswith("data: {")]
        docs = [edited for line in lines if (edited := edit(json.loads(line))) is not None]
        frames = [f"data: {json.dumps(doc)}\n\n" for doc in docs]
        return with_body(found, ("".join(frames) + "data: [DONE]\n\n").encode())

    return mutate


def plainly(edit: Callable[[Any, Exchange], Any]) -> Mutate:
    """Edit the JSON body of every plain answer; a true result replaces it."""

    def mutate(found: Exchange) -> Exchange:
        if streamed(found):
            return found
        doc = body(found)
        edit(doc, found)
        return with_body(found, doc)

    return mutate


def no_usage(doc: Any, found: Exchange) -> None:
    doc.pop("usage", None)


def unfinished(chunk: dict[str, Any]) -> dict[str, Any] | None:
    for choice in chunk["choices"]:
        choice["finish_reason"] = None
    return chunk


def role_late(found: Exchange) -> Exchange:
    if not streamed(found) or not found.response:
        return found
    frames = found.response.body.split(b"\n\n")
    return with_body(found, b"\n\n".join([*frames[1:-3], frames[0], *frames[-3:]]))


def calls(doc: Any) -> list[Any]:
    return [call for choice in doc.get("choices", []) for call in choice["message"].get("tool_calls") or []]


def arguments_as_object(doc: Any, found: Exchange) -> None:
    for call in calls(doc):
        call["function"]["arguments"] = json.loads(call["function"]["arguments"])


def no_index(chunk: dict[str, Any]) -> dict[str, Any]:
    for choice in chunk["choices"]:
        for call in choice["delta"].get("tool_calls") or []:
            call.pop("index")
    return chunk


def other_case(doc: Any, found: Exchange) -> None:
    for call in calls(doc):
        call["function"]["name"] = call["function"]["name"].title().replace("_", "")


def fenced(doc: Any, found: Exchange) -> None:
    if asks(found, b"json_schema"):
        message = doc["choices"][0]["message"]
        message["content"] = f"```json\n{message['content']}\n```"


def number_as_string(doc: Any, found: Exchange) -> None:
    if asks(found, b"json_schema"):
        message = doc["choices"][0]["message"]
        message["content"] = message["content"].replace("21.5", '"21.5"').replace(": 21", ': "21"')


def wide(doc: Any, found: Exchange) -> None:
    for item in doc.get("data", []):
        if "embedding" in item:
            item["embedding"] = item["embedding"] * 2


def shuffled(doc: Any, found: Exchange) -> None:
    vectors = [item["embedding"] for item in doc.get("data", []) if "embedding" in item]
    for item, other in zip(doc["data"] if len(vectors) > 1 else [], vectors[1:] + vectors[:1], strict=True):
        item["embedding"] = other


def other_type(doc: Any, found: Exchange) -> None:
    if "error" in doc:
        doc["error"]["type"] = "BadRequestError"


def error_string(doc: Any, found: Exchange) -> None:
    if "error" in doc:
        doc["error"] = doc["error"]["message"]


def server_error(found: Exchange) -> Exchange:
    if not found.response or found.response.status < 400:
        return found
    return replace(found, response=replace(found.response, status=500))


def bad_gateway(found: Exchange) -> Exchange:
    if not asks(found, b"json_schema"):
        return found
    page = b"<html><head><title>502 Bad Gateway</title></head></html>"
    return replace(found, response=Response(502, "", (("content-type", "text/html"),), page), chunks=())


def cut(found: Exchange) -> Exchange:
    if not streamed(found) or not found.response:
        return found
    half = found.response.body[: len(found.response.body) // 2]
    return replace(with_body(found, half), ending=Ending.CUT)


def ndjson(found: Exchange) -> Exchange:
    if not streamed(found) or not found.response:
        return found
    lines = [line[6:] for line in found.response.body.split(b"\n\n") if line.startswith(b"data: {")]
    return with_body(found, b"\n".join(lines), headers=(("content-type", "application/x-ndjson"),))


DRIFTS: tuple[tuple[str, Mutate, str, str, str], ...] = (
    ("usage missing", plainly(no_usage), "usage", "usage", ""),  # in all that the suite asks
    ("finish_reason missing at the end", chunkwise(unfinished), "stream", "finish", "chat-stream"),
    ("role after content", role_late, "stream", "role", "chat-stream"),
    ("arguments as object", plainly(arguments_as_object), "tools", "arguments", "tool-forced"),
    ("tool_calls index missing", chunkwise(no_index), "tools", "index", "tool-forced-stream"),
    ("function name in another case", plainly(other_case), "tools", "name", "tool-forced"),
    ("fenced JSON for json_schema", plainly(fenced), "structured", "fence", "json-schema"),
    ("number as string in structured output", plainly(number_as_string), "structured", "number", "json-schema"),
    ("3072 instead of 1536", plainly(wide), "embeddings", "3072", "embed"),
    ("shuffled embeddings", plainly(shuffled), "embeddings", "order", "embed-batch"),
    ("error.type changed", plainly(other_type), "errors", "type", "error-bad-key"),
    ("error a string", plainly(error_string), "errors", "string", "error-bad-key"),
    ("4xx turned into 500", server_error, "errors", "500", "error-unknown-model"),
    ("HTML 502 that this scenario alone always gets", bad_gateway, "errors", "502", "json-schema"),
    ("stream cut half-way", cut, "transport", "cut", "chat-stream"),
    ("NDJSON instead of SSE", ndjson, "transport", "stream", "chat-stream"),
)


@pytest.mark.untraced
@pytest.mark.parametrize(("mutate", "area", "word", "scenario"), [pytest.param(*row[1:], id=row[0]) for row in DRIFTS])
def test_a_drift_is_a_breaking_finding_that_a_person_understands(
    team: Path, mutate: Mutate, area: str, word: str, scenario: str
) -> None:
    chosen = ("-s", "chat", "-s", "models", "-s", scenario) if scenario else ()
    code, report = check(Provider(mutate=mutate, seed=5), *chosen)
    found = [f for f in report["findings"] if f["severity"] == "breaking" and f["area"] == area]
    assert code == 1
    assert found, [(f["rule"], f["area"], f["severity"]) for f in report["findings"]]
    text = " ".join(f"{f['rule']} {f['path']} {f['message']} {f['golden']} {f['candidate']}" for f in found).lower()
    assert word in text
    assert all(f["hits"] == f["samples"] == 3 for f in found)  # confirmed
    assert all(f["who_breaks"] and f["hint"] for f in found)


def no_role(chunk: dict[str, Any]) -> dict[str, Any]:
    """A stream without the role, which is risky."""
    for choice in chunk.get("choices", ()):
        choice["delta"].pop("role", None)
    return chunk


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("configured", "override", "mutate", "samples"),
    [
        ("breaking", "never", plainly(other_case), 3),
        ("never", "never", plainly(other_case), 3),
        ("risky", "never", chunkwise(no_role), 3),
        ("breaking", "never", chunkwise(no_role), 3),
        ("breaking", "risky", chunkwise(no_role), 3),
    ],
)
def test_what_is_risky_is_confirmed_whatever_fails_the_build(
    team: Path, tmp_path: Path, configured: str, override: str, mutate: Mutate, samples: int
) -> None:
    """Shards run with `never`, and the merge judges on what they saw: one sample may be chance."""
    config = tmp_path / "gate.yaml"
    config.write_text(CONFIG + f"golden: {team / 'golden'}\npolicy: {{fail_on: {configured}}}\n")
    chosen = ("-s", "chat", "-s", "chat-stream", "-s", "tool-forced")
    _, report = check(Provider(mutate=mutate, seed=9), *chosen, "--config", str(config), "--fail-on", override)
    worst = max(report["findings"], key=lambda f: ["info", "risky", "breaking"].index(f["severity"]))
    assert worst["samples"] == samples, worst


def test_the_verdict_can_be_found_again_offline(team: Path) -> None:
    code, report = check(Provider(mutate=plainly(other_case), seed=6))
    again = gate("diff", "golden/", ".gate/candidate/", "--report", "json")
    offline = json.loads(again.output)
    assert again.exit_code == code == 1
    assert [f["fingerprint"] for f in offline["findings"]] == [f["fingerprint"] for f in report["findings"]]
    assert [(s["id"], s["status"]) for s in offline["scenarios"]] == [
        (s["id"], s["status"]) for s in report["scenarios"]
    ]


# -- outages ------------------------------------------------------------------------------------


def test_one_502_is_told_with_its_rate_and_no_drift(team: Path) -> None:
    left = [1]

    def once(found: Exchange) -> Exchange:
        if asks(found, b"json_schema") and left:
            left.pop()
            return bad_gateway(found)
        return found

    code, report = check(Provider(mutate=once, seed=7))
    (found,) = report["findings"]
    assert (code, report["verdict"], found["rule"], found["severity"]) == (0, "pass", "requests-failed", "risky")
    assert (found["hits"], found["samples"]) == (1, report["requests"]["suite"] + 1)
    assert found["interval"][0] < 1 / found["samples"] < found["interval"][1]
    assert report["requests"] == {"suite": found["samples"] - 1, "suspicion": 1, "probe": 2}


def test_a_route_that_is_down_is_incomplete(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE", "http://127.0.0.1:9/v1")
    result = gate("check")
    assert result.exit_code == 3
    assert "127.0.0.1:9" in result.output
    assert "breaking[" not in result.output


def test_a_run_that_reaches_nothing_keeps_the_exchanges_of_the_run_before(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen, kept = ("-s", "chat", "-s", "models"), Path(".gate/candidate")
    assert check(Provider(seed=3), *chosen)[0] == 0
    before = (kept / "chat" / "cassette.yaml").read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BASE", "http://127.0.0.1:9/v1")
        assert [gate("check", *chosen).exit_code for _ in range(2)] == [3, 3]
    assert (kept / ".before" / "chat" / "cassette.yaml").read_bytes() == before
    assert gate("diff", "golden", str(kept)).exit_code == 3  # and not the verdict of the run before
    assert check(Provider(seed=3), *chosen)[0] == 0
    assert not (kept / ".before").exists()


def test_a_report_of_a_route_that_is_down_names_it(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`gate merge` would else take it for the report of another route, and miss this one."""
    monkeypatch.setenv("BASE", "http://127.0.0.1:9/v1")
    found = json.loads(gate("check", "--shard", "1/2", "--report", "json").stdout)
    assert (found["candidate"]["route"], found["candidate"]["shard"]) == ("candidate", "1/2")


def test_a_wrong_host_is_told_in_a_sentence(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE", "http://no-such-host.invalid/v1")
    result = gate("check")
    assert result.exit_code == 3
    assert "no-such-host.invalid" in result.output


def test_everything_502_is_an_outage(team: Path) -> None:
    page = Response(502, "", (("content-type", "text/html"),), b"<html>bad gateway</html>")
    with pytest.MonkeyPatch.context() as patch, serve(Provider(mutate=lambda e: replace(e, response=page))) as base:
        patch.setenv("BASE", base)
        result = gate("check")
    assert result.exit_code == 3
    assert "breaking[" not in result.output


@pytest.mark.parametrize("wrong", ["", "/v1/v1", "/v1/chat/completions"])
def test_a_wrong_base_path_is_explained_with_the_fix(team: Path, wrong: str) -> None:
    with pytest.MonkeyPatch.context() as patch, serve(Provider()) as base:
        patch.setenv("BASE", base.removesuffix("/v1") + wrong)
        result = gate("check")
    assert result.exit_code in (2, 3)
    assert "/v1" in result.output


def test_latency_is_compared_with_a_baseline_of_the_same_minutes(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = CONFIG.replace(
        "candidate: *route", "candidate: {base_url: '${SLOW}', api_key_env: GATE_TEST_KEY, models: {chat: gpt-4o-mini}}"
    )
    # little above 1: a busy machine slows both routes, and the slow one all the same
    budget = "policy: {budgets: {total_p95: {max_ratio: 1.2}}}\n"
    (team / "budget.yaml").write_text(config + budget)
    with serve(Provider(seed=8)) as base, serve(Provider(seed=9, gap_ms=120)) as slow:
        monkeypatch.setenv("BASE", base)
        monkeypatch.setenv("SLOW", slow)
        arguments = ("--config", "budget.yaml", "--with-baseline", "--samples", "3", "--report", "json")
        result = gate(
            "check", "-s", "chat", "-s", "chat-stream", "-s", "max-tokens", "-s", "chat-stream-usage", *arguments
        )
    report = json.loads(result.output)
    assert [f["rule"] for f in report["findings"] if f["severity"] == "breaking"] == ["latency-budget"]
    assert "latency is compared with the baseline's, measured in the same minutes" in report["notes"]
    again = json.loads(gate("diff", "golden", ".gate/candidate", "--config", "budget.yaml", "--report", "json").output)
    assert [f["fingerprint"] for f in again["findings"]] == [f["fingerprint"] for f in report["findings"]]


def test_several_changes_at_once_lead_the_report(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = CONFIG.replace(
        "candidate: *route",
        "candidate: {base_url: '${BASE}', api_key_env: GATE_TEST_KEY, models: {chat: text-embedding-3-small}}",
    )
    (team / "other.yaml").write_text(other)
    with serve(Provider(seed=8)) as base:
        monkeypatch.setenv("BASE", base.replace("127.0.0.1", "localhost"))
        result = gate("check", "--config", "other.yaml", "-s", "chat", "--report", "json")
    report = json.loads(result.output)
    assert report["candidate"]["variables"] == {"authorization": "GATE_TEST_KEY"}  # its name, for `gate explain`
    assert report["lead"].startswith("2 things changed at once: base_url (127.0.0.1 → localhost); model (chat ")
