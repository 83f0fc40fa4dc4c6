"""`gate record`, `refresh`, `verify` and `contract diff` as a team uses them, over real sockets."""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result

from gate.model import Exchange, Request, Response
from gate.replay.server import serve
from gate.store import cassette
from gate.store.journal import writer
from tests.provider import Provider
from tests.test_cli import gate

CONFIG = """\
version: 1
suite: [minimal]
samples: {record: 2, check: 1, confirm: 1}
routes:
  baseline: &route
    base_url: ${BASE}
    api_key_env: GATE_TEST_KEY
    models: {chat: gpt-4o-mini, embedding: text-embedding-3-small}
  candidate: *route
"""
MINIMAL = ["chat", "chat-stream", "embed", "error-invalid-request", "tool-forced"]


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "gate.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GATE_TEST_KEY", "sk-test-key-0001")
    return tmp_path


def on(provider: Provider, *arguments: str) -> Result:
    """One command line while the provider serves both routes."""
    with pytest.MonkeyPatch.context() as patch, serve(provider) as base:
        patch.setenv("BASE", base)
        return gate(*arguments)


def goldens(team: Path) -> dict[str, bytes]:
    return {p.relative_to(team).as_posix(): p.read_bytes() for p in sorted((team / "golden").rglob("*.yaml"))}


def answering(status: int, body: bytes, of: str) -> Callable[[Exchange], Exchange]:
    headers = (("content-type", "application/json"),)
    page = Response(status, "", headers, body)
    return lambda e: replace(e, response=page, chunks=()) if of in e.request.url else e


# -- record -------------------------------------------------------------------------------------


def test_each_scenario_gets_a_cassette_and_a_contract(team: Path) -> None:
    result = on(Provider(), "record")
    assert (result.exit_code, result.output) == (0, "recorded 5 scenarios\n")
    assert [*goldens(team)] == [f"golden/{name}/{file}.yaml" for name in MINIMAL for file in ("cassette", "contract")]
    facts = cassette.load(team / "golden/chat/cassette.yaml").facts
    assert facts["models"] == {
        "asked": {"chat": "gpt-4o-mini", "embedding": "text-embedding-3-small"},
        "answered": ["gpt-4o-mini-2024-07-18", "text-embedding-3-small"],
    }
    assert {"route", "date", "versions", "gate", "run", "asks"} <= facts.keys()
    contract = yaml.safe_load((team / "golden/chat-stream/contract.yaml").read_text())
    assert (contract["samples"], contract["status"], contract["events"]) == (2, 200, "role content+ finish done")


def test_the_paths_of_stored_goldens_are_proposed_and_nothing_is_sent(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(Provider(), "record")
    monkeypatch.delenv("GATE_TEST_KEY")  # nor is the variable of base_url set
    said = gate("record", "--infer-depends-on")
    assert said.exit_code == 0, said.output
    assert "  - choices[].message.content\n" in said.output
    (team / "gate.yaml").write_text(CONFIG + said.output)
    assert gate("verify").exit_code == 0


def test_modes(team: Path) -> None:
    on(Provider(), "record", "-s", "chat")
    one = goldens(team)
    provider = Provider(seed=1)
    assert on(provider, "record").output == "recorded 4 scenarios\n"  # once: what has no golden yet
    assert len(provider.requests) == 8
    assert {name: text for name, text in goldens(team).items() if "/chat/" in name} == one
    assert "all 5 scenarios have a golden" in on(Provider(), "record").output
    stored = team / "golden/embed/cassette.yaml"
    stored.write_text(stored.read_text().replace("asks: ", "asks: x"))
    assert on(Provider(seed=2), "record", "--mode", "new").output == "recorded 1 scenario\n"
    assert on(Provider(seed=3), "record", "--mode", "all").output == "recorded 5 scenarios\n"


def test_a_dry_run_lists_and_sends_nothing(team: Path) -> None:
    provider = Provider()
    result = on(provider, "record", "--dry-run")
    assert (result.exit_code, provider.requests) == (0, [])
    assert "5 scenarios on baseline: 10 requests, 2 samples, at most " in result.output
    assert not (team / "golden").exists()


def test_a_spent_budget_refuses_what_did_not_run(team: Path) -> None:
    provider = Provider()
    result = on(provider, "record", "--max-requests", "4")
    assert (result.exit_code, len(provider.requests)) == (3, 4)
    assert "max_requests (4) is reached" in result.output


def test_what_the_route_lacks_is_listed_and_no_failure(team: Path) -> None:
    lacking = Provider(mutate=answering(404, b'{"error":{"message":"Invalid URL"}}', "/embeddings"))
    extra = ("--suite", "minimal", "--suite", "moderations")
    result = on(lacking, "record", *extra)
    assert result.exit_code == 0
    listed = yaml.safe_load((team / "golden/not-served.yaml").read_text())
    assert listed == {
        "embed": "the route answers 404 to embeddings",
        "moderations": "route baseline names no model for the role 'moderation'",
    }
    assert gate("verify").exit_code == 0
    assert on(lacking, "record", *extra).exit_code == 0  # again: nothing new
    checked = on(Provider(), "check", *extra, "--report", "json")
    report = json.loads(checked.output)
    skipped = {s["id"]: s["reason"] for s in report["scenarios"] if s["status"] == "skipped"}
    assert (checked.exit_code, {*skipped}) == (0, {"embed", "moderations"})
    assert skipped["embed"] == "not recorded from the baseline: the route answers 404 to embeddings"
    assert gate("diff", "golden", ".gate/candidate").exit_code == 0
    assert on(Provider(), "record", "--suite", "minimal").exit_code == 0  # it is served now
    assert set(yaml.safe_load((team / "golden/not-served.yaml").read_text())) == {"moderations"}


class Cooling(Provider):
    """Refuses everything with 429 for a while after each 404, as LiteLLM cools its only deployment down."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds, self.until = seconds, 0.0

    def answer(self, request: Request) -> Exchange | None:
        now = time.monotonic()
        if now < self.until:
            busy = Response(429, "", (("content-type", "application/json"),), b'{"error":{"message":"cooldown"}}')
            return Exchange(request, busy)
        exchange = super().answer(request)
        if exchange and exchange.response and exchange.response.status == 404:
            self.until = now + self.seconds
        return exchange


def test_an_endpoint_that_is_lacking_spoils_no_healthy_scenario(team: Path) -> None:
    (team / "gate.yaml").write_text(CONFIG + "limits: {max_retry_after: 1s}\n")
    provider = Cooling(0.1)
    lacking = ("responses", "responses-stream", "responses-tool")
    result = on(provider, "record", "--suite", "standard", *(word for name in lacking for word in ("--suite", name)))
    assert result.exit_code == 0, result.output
    listed = yaml.safe_load((team / "golden/not-served.yaml").read_text())
    assert listed == dict.fromkeys(lacking, "the route answers 404 to responses")
    answered = [r for r in provider.requests if r.url.partition("?")[0].endswith("/responses")]
    assert len(answered) == 2


def test_an_error_that_does_not_come_is_stored_and_said(team: Path) -> None:
    served = b'{"object":"chat.completion","choices":[]}'

    def lax(found: Exchange) -> Exchange:
        plain = b"messages" not in (found.request.body or b"messages")
        return answering(200, served, "/chat")(found) if plain else found

    result = on(Provider(mutate=lax), "record")
    assert result.exit_code == 0
    assert "error-invalid-request: the route answered 200 where 400 or 422 or 500 was expected" in result.output
    assert "golden/error-invalid-request/cassette.yaml" in goldens(team)


def without(*marks: bytes) -> Callable[[Exchange], Exchange]:
    """Streams without the frames that hold these marks."""

    def mutate(exchange: Exchange) -> Exchange:
        response = exchange.response
        if response is None or b'"stream":true' not in (exchange.request.body or b""):
            return exchange
        frames = response.body.split(b"\n\n")
        body = b"\n\n".join(frame for frame in frames if not any(mark in frame for mark in marks))
        return replace(exchange, response=replace(response, body=body), chunks=())

    return mutate


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        ((b"[DONE]",), "no stream has a [DONE]: "),
        ((b'"finish_reason": "stop"',), "no stream has a finish: "),
        ((b"[DONE]", b'"finish_reason": "stop"'), "no stream has a finish or a [DONE]: "),
    ],
)
def test_streams_that_never_end_properly_are_stored_with_a_note(
    team: Path, marks: tuple[bytes, ...], words: str
) -> None:
    result = on(Provider(mutate=without(*marks)), "record")
    assert result.exit_code == 0
    assert f"chat-stream: {words}one that breaks off may look the same" in " ".join(result.output.split())
    assert result.output.count("no stream has") == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [(500, "step 0 answered 500: "), (429, "step 0 answered 429: "), (418, "step 0 answered 418: ")],
)
def test_a_failure_is_refused_and_the_old_golden_stays(team: Path, status: int, words: str) -> None:
    on(Provider(), "record")
    before = goldens(team)
    failing = Provider(mutate=answering(status, b'{"error":{"message":"no"}}', "/embeddings"), seed=1)
    (team / "gate.yaml").write_text(CONFIG + "limits: {max_retry_after: 100ms}\n")
    result = on(failing, "record", "--mode", "all")
    assert result.exit_code == 3
    assert f"refused     embed: {words}" in result.output
    after = goldens(team)
    changed = {name for name in after if after[name] != before[name] and name.endswith("cassette.yaml")}
    assert changed == {f"golden/{name}/cassette.yaml" for name in MINIMAL if name != "embed"}


def test_a_stored_thread_is_recorded_with_the_baselines_own_turn(team: Path) -> None:
    provider = Provider()
    assert on(provider, "record", "-s", "tool-roundtrip-golden", "--suite", "full").exit_code == 0
    found = cassette.load(team / "golden/tool-roundtrip-golden/cassette.yaml").exchanges
    assert [(e.sample, e.step) for e in found] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    ids = [
        json.loads(e.response.body)["choices"][0]["message"]["tool_calls"][0]["id"] for e in found[::2] if e.response
    ]
    sent = [json.loads(e.request.body or b"")["messages"][-1]["tool_call_id"] for e in found[1::2]]
    assert sent == ids
    other = Provider(seed=9)
    assert on(other, "check", "--suite", "full", "-s", "tool-roundtrip-golden").exit_code == 0
    assert json.loads(other.requests[1].body or b"")["messages"][-1]["tool_call_id"] == ids[0]


def test_a_chain_that_can_not_go_on_is_refused(team: Path) -> None:
    prose = b'{"choices":[{"index":0,"message":{"role":"assistant","content":"no"},"finish_reason":"stop"}]}'
    result = on(
        Provider(mutate=answering(200, prose, "/chat")), "record", "--suite", "standard", "-s", "tool-roundtrip"
    )
    assert result.exit_code == 3
    assert "refused     tool-roundtrip: step 1: not sent: its reply to step 0 has no tool_calls[0].id" in result.output


def test_one_scenario_that_can_not_be_recorded_is_left_out_by_the_proposed_line(team: Path) -> None:
    (team / "gate.yaml").write_text(CONFIG.replace("[minimal]", "[minimal, tool-roundtrip]"))
    prose = b'{"choices":[{"index":0,"message":{"role":"assistant","content":"no"},"finish_reason":"stop"}]}'
    provider = Provider(mutate=answering(200, prose, "/chat"))
    recorded = on(provider, "record")
    assert (recorded.exit_code, gate("verify").exit_code) == (3, 2)
    notes = " ".join(recorded.output.split())
    assert "tool-forced: the golden exercises nothing: it offers tools, and no answer calls one" in notes
    assert "chat-stream: the golden exercises nothing: it asks for a stream, and every answer comes in one" in notes
    assert "note chat: " not in notes
    line = "  suite: [minimal, tool-roundtrip, {except: [tool-roundtrip]}]"
    assert line in recorded.output.splitlines()
    (team / "gate.yaml").write_text(CONFIG.replace("suite: [minimal]", line.strip()))
    assert [gate("verify").exit_code, on(provider, "check").exit_code] == [0, 0]
    again = on(Provider(), "record")
    assert (again.exit_code, again.output) == (0, "all 5 scenarios have a golden; --mode all records them again\n")


def test_a_long_scenario_that_ends_soon_is_no_golden_and_no_failure(team: Path) -> None:
    result = on(Provider(), "record", "--suite", "long-stream", "--suite", "chat", "--min-seconds", "30")
    assert result.exit_code == 0
    assert "not exercised  long-stream: it lasted 0." in result.output
    assert " s of the 30 s that it needs" in result.output
    assert gate("verify", "golden").exit_code == 0


def test_answers_that_are_too_much_for_one_file_are_cut_and_judged(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on(Provider(), "record")
    monkeypatch.setattr("gate.run.record.MAX_FILE", 100_000)
    huge = Provider(mutate=answering(200, b'{"object":"list","data":[' + b"\x01" * 90_000, "/embeddings"))
    result = on(huge, "check", "--report", "json")
    report = json.loads(result.output)
    assert ("body-too-large", "embed") in {(f["rule"], f["scenario"]) for f in report["findings"]}
    found = cassette.load(team / ".gate/candidate/embed/cassette.yaml").exchanges
    kept = [(e.ending, e.body_size, len(e.response.body), sum(c.size for c in e.chunks)) for e in found if e.response]
    assert kept == [("too-large", 90_025, 5_626, 5_626)] * len(found)
    assert gate("diff", "golden", ".gate/candidate").exit_code == result.exit_code


# -- a team's own scenarios and routes ----------------------------------------------------------

OWN = """\
id: prompts
group: text
inputs: prompts.jsonl
steps:
  - endpoint: chat.completions
    model: chat
    body: {temperature: 0, max_tokens: 32, messages: [{role: user, content: {$case: prompt}}]}
"""


def test_real_prompts_from_a_file(team: Path) -> None:
    (team / "own").mkdir()
    (team / "own/prompts.yaml").write_text(OWN)
    (team / "own/prompts.jsonl").write_text('{"id": "greeting", "prompt": "Good day"}\n\n{"prompt": "What now?"}\n')
    (team / "gate.yaml").write_text(CONFIG.replace("[minimal]", "[own]"))
    provider = Provider()
    assert on(provider, "record", "--samples", "1").exit_code == 0
    said = [json.loads(request.body or b"")["messages"][0]["content"] for request in provider.requests]
    assert sorted(said) == ["Good day", "What now?"]
    assert {path.name for path in (team / "golden").iterdir()} == {"prompts-greeting", "prompts-002"}
    assert on(Provider(seed=4), "check").exit_code == 0


@pytest.mark.parametrize(
    ("auth", "header", "query"),
    [
        ("", "Bearer sk-test-key-0001", ""),
        ("    auth: {header: api-key}\n", "sk-test-key-0001", ""),
        ("    auth: {query: key}\n", None, "key=sk-test-key-0001"),
        ("    auth: none\n", None, ""),
        ("    query: {api-version: '2024-10-21'}\n", "Bearer sk-test-key-0001", "api-version=2024-10-21"),
    ],
)
def test_auth_as_routes_have_it(team: Path, auth: str, header: str | None, query: str) -> None:
    (team / "gate.yaml").write_text(CONFIG.replace("    models:", f"{auth}    models:"))

    class Lenient(Provider):
        def answer(self, request: Any) -> Exchange | None:
            given = dict(request.headers)
            seen.append((given.get("authorization") or given.get("api-key"), request.url.partition("?")[2]))
            return super().answer(replace(request, headers=(("authorization", "Bearer sk-good"),)))

    seen: list[tuple[str | None, str]] = []
    assert on(Lenient(), "record", "-s", "chat", "--samples", "1").exit_code == 0
    assert seen == [(header, query)]
    text = "".join(path.read_text() for path in (team / "golden").rglob("*.yaml"))
    assert "sk-test-key-0001" not in text
    assert on(Lenient(seed=1), "check", "-s", "chat").exit_code == 0


# -- stale goldens, refresh, contract diff ------------------------------------------------------


def renamed(found: Exchange) -> Exchange:
    """The route of another day: one field less."""
    assert found.response
    body = found.response.body.replace(b'"system_fingerprint"', b'"fingerprint"')
    return replace(found, response=replace(found.response, body=body), chunks=())


def test_refresh_shows_and_writes_only_when_asked(team: Path) -> None:
    on(Provider(), "record")
    before = goldens(team)
    same = on(Provider(seed=1), "refresh")
    assert (same.exit_code, "no contract changes" in same.output) == (0, True)
    shown = on(Provider(seed=2, mutate=renamed), "refresh")
    assert shown.exit_code == 1
    assert (
        "in 3 scenarios: chat, chat-stream, tool-forced\n  `fingerprint`         -               → string, always\n  `system_fingerprint`  string, always  → -"
        in shown.output
    )
    assert "3 of 5 contracts change" in shown.output
    assert goldens(team) == before
    written = on(Provider(seed=3, mutate=renamed), "refresh", "--write")
    assert written.exit_code == 0
    assert b"fingerprint" in goldens(team)["golden/chat/contract.yaml"]
    kept = Path(written.output.partition("kept in ")[2].partition(";")[0])
    assert not kept.is_absolute()
    saved = {f"golden/{p.relative_to(kept).as_posix()}": p.read_bytes() for p in kept.rglob("*.yaml")}
    assert saved == before
    changed = gate("contract", "diff", str(kept), "golden")
    assert (changed.exit_code, "`system_fingerprint`  string, always  → -" in changed.output) == (1, True)
    assert gate("contract", "diff", "golden", "golden").exit_code == 0
    for name, text in saved.items():  # the rollback
        (team / name).write_bytes(text)
    assert gate("verify").exit_code == 0


def test_each_scenario_is_adopted_or_left(team: Path) -> None:
    on(Provider(), "record")
    before = goldens(team)
    shown = on(Provider(seed=2, mutate=renamed), "refresh", "--leave", "chat", "--markdown", "body.md")
    assert shown.exit_code == 1
    assert "chat, chat-stream" not in shown.output
    assert "to adopt them: gate refresh --only chat-stream --only tool-forced --write\n" in shown.output
    body = (team / "body.md").read_text()
    assert "## The contract changes in 2 of 4 scenarios\n" in body
    assert "| `fingerprint` | `-` | `string, always` |" in body
    assert "To leave them: `git checkout origin/HEAD -- golden/chat-stream golden/tool-forced`" in body
    assert goldens(team) == before
    one = on(Provider(seed=3, mutate=renamed), "refresh", "--only", "chat", "--write")
    assert one.exit_code == 0
    assert (
        "\nadopted: chat (2 changes)\nleft as they were: chat-stream, embed, error-invalid-request, tool-forced\n"
        in one.output
    )
    assert {name for name, raw in goldens(team).items() if raw != before[name]} == {
        "golden/chat/cassette.yaml",
        "golden/chat/contract.yaml",
    }
    rest = on(Provider(seed=4, mutate=renamed), "refresh", "--leave", "tool-forced", "--write")
    assert "\nadopted: chat-stream (2 changes), 3 without a change\nleft as they were: tool-forced\n" in rest.output
    assert gate("verify").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--leave", "chatt"), "chatt would not be recorded anyway"),
        (("--only", "chat", "--leave", "chat"), "nothing is left to record"),
        (("--only", "chat", "--leave", "embed"), "embed would not be recorded anyway"),
    ],
)
def test_what_can_not_be_left(team: Path, arguments: tuple[str, ...], what: str) -> None:
    provider = Provider()
    result = on(provider, "refresh", *arguments)
    assert (result.exit_code, provider.requests, what in result.output) == (2, [], True)
    assert team.is_dir()


FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("call", ["shutil.copy2", "os.fsync", "os.mkdir"])
def test_a_refresh_on_a_full_disk_says_so_and_changes_nothing(team: Path, call: str) -> None:
    on(Provider(), "record")
    before = goldens(team)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(call, lambda *_, **__: (_ for _ in ()).throw(FULL))
        result = on(Provider(mutate=renamed), "refresh", "--write")
    assert (result.exit_code, goldens(team)) == (2, before)
    assert "can't write: No space left on device\n  fix: check permissions and free space" in result.output
    assert list((team / "golden").rglob(".*")) == []


def test_two_recordings_at_once_are_one_and_a_clear_word(team: Path) -> None:
    on(Provider(), "record")
    with writer(team / "golden"), writer(team / ".gate" / "candidate"):
        for arguments in (("record", "--mode", "all"), ("refresh", "--write"), ("check",)):
            provider = Provider()
            result = on(provider, *arguments)
            assert (result.exit_code, provider.requests) == (2, [])
            assert (
                f"another run (process {os.getpid()}) is writing here\n  fix: wait until it has ended" in result.output
            )
        assert on(Provider(), "refresh").exit_code == 0
        assert gate("verify").exit_code == 0


def test_verify_names_what_is_wrong(team: Path) -> None:
    on(Provider(), "record")
    assert gate("verify").output.startswith("5 goldens verified: all is well\n  the oldest recorded on 20")
    contract = team / "golden/chat/contract.yaml"
    contract.write_text(contract.read_text().replace("status: 200", "status: 201"))
    (team / "golden/embed/contract.yaml").unlink()
    (team / "golden/chat-stream/cassette.yaml").write_text("version: 1\ninteractions: [")
    leak = team / "golden/tool-forced/cassette.yaml"
    leak.write_text(leak.read_text().replace("gpt-4o-mini-2024-07-18", "sk-proj-" + "Ab3dEf6hIj9kLmNoPqRsTu"))
    (team / "gate.yaml").write_text(CONFIG.replace("[minimal]", "[minimal, models]"))
    result = gate("verify")
    assert (result.exit_code, "5 problems" in result.output) == (2, True)
    for words in (
        "golden/chat/contract.yaml: the contract differs from what the cassette gives",
        "golden/embed/contract.yaml: the contract is missing",
        "golden/chat-stream/cassette.yaml",
        "golden/tool-forced/cassette.yaml",
        "golden/models: the suite has this scenario, but it has no golden",
    ):
        assert words in result.output
    assert str(team) not in result.output
    assert "Ab3dEf6h" not in result.output


def test_verify_prints_a_screenful(team: Path) -> None:
    on(Provider(), "record")
    (team / "gate.yaml").write_text(CONFIG.replace("[minimal]", "[full]"))
    first, whole = gate("verify").output, gate("verify", "--all").output
    problems = whole.count("error: ")
    assert first.count("error: ") == 15 < problems
    assert f"… and {problems - 15} more (--all shows them)" in first
    assert (first.count("fix: run `gate record`"), len(first.splitlines())) == (1, 18)
    assert first.splitlines()[-1] == whole.splitlines()[-1] == f"5 goldens verified: {problems} problems"


def test_a_golden_of_another_request_is_stale(team: Path) -> None:
    on(Provider(), "record")
    (team / "own.yaml").write_text(OWN.replace("inputs: prompts.jsonl\n", "").replace("{$case: prompt}", "Hi"))
    (team / "gate.yaml").write_text(CONFIG.replace("[minimal]", "[minimal, own.yaml]"))
    on(Provider(), "record")
    assert gate("verify").exit_code == 0
    (team / "own.yaml").write_text((team / "own.yaml").read_text().replace("Hi", "Hello"))
    verified, provider = gate("verify"), Provider()
    checked = on(provider, "check")
    assert (verified.exit_code, checked.exit_code, provider.requests) == (2, 2, [])
    assert "the suite asks for something else now than when these were recorded: prompts" in checked.output
    assert on(Provider(), "record", "--mode", "new").output == "recorded 1 scenario\n"
    assert on(Provider(), "check").exit_code == 0


# -- a part of the suite ------------------------------------------------------------------------


@pytest.mark.parametrize("part", [("-s", "chat", "-s", "embed"), ("--shard", "2/3"), ("--max-requests", "2")])
def test_a_part_of_the_suite_gives_the_same_verdict_offline(team: Path, part: tuple[str, ...]) -> None:
    on(Provider(), "record")
    live = on(Provider(seed=1), "check", *part, "--report", "json")
    offline = gate("diff", "golden", ".gate/candidate", "--report", "json")
    asked = {s["id"]: s for s in json.loads(live.output)["scenarios"]}
    again = {s["id"]: s for s in json.loads(offline.output)["scenarios"]}
    assert live.exit_code == offline.exit_code
    assert {name: again[name] for name in asked} == asked
    rest = [again[name]["reason"] for name in again if name not in asked]
    assert set(rest) <= {"not part of this check"}


@pytest.mark.parametrize("folder", ["golden", "golden/", ".", "golden/chat", "sub/.."])
def test_the_goldens_are_never_overwritten_by_a_candidate(team: Path, folder: str) -> None:
    on(Provider(), "record")
    (team / "sub").mkdir()
    before, provider = goldens(team), Provider()
    result = on(provider, "check", "--save", folder)
    assert (result.exit_code, provider.requests, goldens(team)) == (2, [], before)
    assert "name a folder apart from them" in result.output
    assert on(Provider(), "check", "--save", "elsewhere").exit_code == 0
    assert (team / "elsewhere/chat/cassette.yaml").is_file()
