"""The bench of a gateway, without a process: what stands upstream, what is asked, how a command is started."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from gate.cli._hermetic import longer
from gate.cli._keys import HIDDEN
from gate.errors import ConfigError, RouteError
from gate.hermetic import launch
from gate.hermetic.bench import Bench, goldens_of
from gate.hermetic.cells import cells
from gate.hermetic.upstream import BETWEEN, Flight, Upstream
from gate.model import Exchange, Request, Scenario, Step, Timeouts
from gate.redact.scrub import Scrubber
from gate.replay.scripts import Rule, script_of
from gate.replay.serving import Server
from gate.store import cassette
from gate.store.shipped import goldens
from gate.store.sides import load_side
from tests.adapter import Adapter
from tests.test_cli import gate

SCENARIOS = ("chat", "chat-stream", "models")


def at_once(exchange: Exchange) -> Exchange:
    """The exchange without times: it is played at once."""
    return replace(exchange, chunks=(), first_byte_ms=None, total_ms=None)


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Goldens that are played at once, and a route for an adapter that runs elsewhere."""
    for name in SCENARIOS:
        stored = cassette.load(goldens() / name / "cassette.yaml")
        (tmp_path / "golden" / name).mkdir(parents=True)
        text = cassette.dump(stored.facts, map(at_once, stored.exchanges))
        (tmp_path / "golden" / name / "cassette.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextmanager
def adapter(team: Path, *, meddling: bool = False) -> Iterator[tuple[str, ...]]:
    """The team's adapter in a thread; yields the options of a check on it."""
    upstream, port = launch.free_port(), launch.free_port()
    Kind = type("Kind", (Adapter,), {"upstream": f"http://127.0.0.1:{upstream}/v1", "meddling": meddling})
    server = ThreadingHTTPServer(("127.0.0.1", port), Kind)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    routes = {name: {"base_url": f"http://127.0.0.1:{port}/v1", "upstream": "golden"} for name in ("today", "next")}
    routes["live"] = {"base_url": f"http://127.0.0.1:{port}/v1"}
    (team / "gate.yaml").write_text(yaml.safe_dump({"version": 1, "suite": [*SCENARIOS], "routes": routes}))
    try:
        yield ("--listen", f"127.0.0.1:{upstream}", "--report", "json:r.json")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def report() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("r.json").read_text())
    return found


# -- a check ------------------------------------------------------------------------------------


def test_a_gateway_that_runs_elsewhere(team: Path) -> None:
    with adapter(team) as options:
        done = gate("check", "--route", "next", "--faults", "none", *options)
    assert (done.exit_code, report()["verdict"]) == (0, "pass"), done.output
    hops = {s["id"]: s["upstream"] for s in report()["scenarios"]}
    assert {"chat", "chat@headers", "chat@query", "chat-stream@no-usage", "chat@afterwards"} <= hops.keys()
    assert hops["chat"][0].startswith("POST chat.completions at ")
    again = json.loads(gate("diff", "golden", ".gate/next", "--report", "json").output)
    assert (again["findings"], again["scenarios"]) == (report()["findings"], report()["scenarios"])
    side = load_side(team / ".gate/next")
    assert [len(e.upstream or ()) for every in side.exchanges.values() for e in every] == [1] * len(side.exchanges)
    seen = [(e, call) for every in side.exchanges.values() for e in every for call in e.upstream or ()]
    # on one clock: nothing comes upstream after the client has its answer
    assert [e.scenario for e, call in seen if not 0 <= (call.at_ms or 0.0) <= (e.total_ms or 0.0)] == []


def test_gate_yaml_may_say_where_the_upstream_listens(team: Path) -> None:
    with adapter(team) as (_, listen, *reports):
        config = yaml.safe_load((team / "gate.yaml").read_text())
        config["routes"]["next"]["listen"] = listen
        (team / "gate.yaml").write_text(yaml.safe_dump(config))
        done = gate("check", "--route", "next", "--faults", "none", *reports)
        assert (done.exit_code, report()["verdict"]) == (0, "pass"), done.output
        config["routes"]["next"]["listen"] = "127.0.0.1:99999"
        (team / "gate.yaml").write_text(yaml.safe_dump(config))
        refused = gate("check", "--route", "next")
    assert (refused.exit_code, "routes.next.listen" in refused.output) == (2, True), refused.output


def test_what_came_upstream_is_timed_by_the_clients_clock() -> None:
    bench = Bench(Upstream(SIDE.exchanges), Server(Upstream(SIDE.exchanges)), {})
    (asked, *_) = SIDE.exchanges["chat"]
    for late, step in ((119.0, 0), (3.0, 1), (500.0, 2)):
        bench.take(replace(asked, at_ms=late, step=step))
    # a connection was made first, and one call came in the same moment; of the last nothing is known
    bench.waited |= {("chat", 0, asked.sample, 0): 116.0, ("chat", 1, asked.sample, 0): 3.5}
    text = bench.files({}, {}, Scrubber())["upstream/chat/cassette.yaml"]
    assert re.findall(r" at_ms: (.*)", text) == ["3.0", "0.0", "500.0"]


def test_what_it_does_is_told_and_a_file_of_faults_is_played(team: Path) -> None:
    faults = {"version": 1, "faults": [{"scenario": "chat", "fault": "status-503"}]}
    (team / "faults.yaml").write_text(yaml.safe_dump(faults))
    with adapter(team, meddling=True) as options:
        done = gate("check", "--route", "next", "--faults", "faults.yaml", "--strict", *options)
    told = {(f["rule"], f["scenario"]) for f in report()["findings"]}
    assert done.exit_code == 0, "risky alone"
    assert {("request-field-dropped", "chat@parameters"), ("request-retried", "chat@status-503")} <= told


def test_a_gateway_that_is_not_there(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gate.hermetic.bench._ELSEWHERE_SECONDS", 0.1)
    with adapter(team) as options:
        pass
    done = gate("check", "--route", "next", *options)
    assert (done.exit_code, report()["verdict"]) == (3, "incomplete")
    assert "no gateway answers at" in report()["reason"]
    done = gate("check", "--route", "next", "--against", "today", *options)
    assert (done.exit_code, "could not be asked" in done.output) == (3, True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--route", "live", "--strict"), "the route live has no upstream"),
        (("--route", "next", "--listen", "here"), "`here` is no HOST:PORT"),
        (("--route", "next", "--against", "next"), "a route can't be its own golden"),
        (("--route", "next", "--with-baseline"), "has no live baseline"),
        (("--route", "live", "--upstream", "empty"), "no cassette in it"),
        (("--route", "next", "--faults", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_what_can_not_be_is_refused(team: Path, options: tuple[str, ...], words: str) -> None:
    (team / "empty").mkdir()
    with adapter(team):
        done = gate("check", *options)
    assert (done.exit_code, words in done.output) == (2, True), done.output


def test_a_dry_run_starts_nothing(team: Path) -> None:
    with adapter(team):
        done = gate("check", "--route", "next", "--dry-run")
    assert (done.exit_code, (team / ".gate").exists()) == (0, False)


# -- what stands upstream -----------------------------------------------------------------------

SIDE = load_side(goldens())
ASKED = SIDE.exchanges["chat"][0].request


def respond(
    upstream: Upstream, url: str, body: object = None, method: str = "POST", stream: bool = False
) -> tuple[int, str]:
    """Status of the answer, and the scenario that it counts for."""
    document = {**json.loads(ASKED.body or b"{}"), **(body if isinstance(body, dict) else {}), "stream": stream}
    raw = json.dumps(document).encode() if method == "POST" else None
    answer = upstream.respond(Request(method, f"http://host.test{url}", (("authorization", "Bearer k"),), raw))
    return answer.reply.status, answer.scenario


def flying(upstream: Upstream, scenario: str = "chat", script: str = "ok") -> Upstream:
    upstream.flights = (Flight(f"{scenario}@x", scenario, 0, 0, 0, "POST", script_of(script), 0.0),)
    return upstream


CHAT = "/v1/chat/completions"


def test_the_scenario_in_flight_decides() -> None:
    upstream = flying(Upstream(SIDE.exchanges))
    assert respond(upstream, CHAT) == (200, "chat@x")
    assert respond(upstream, CHAT, {"messages": [{"role": "user", "content": "rewritten"}]}) == (200, "chat@x")
    assert upstream.asked == {("chat", 0)}
    assert respond(upstream, CHAT, stream=True) == (200, "chat@x"), "by its content: chat-stream has the same words"
    assert respond(upstream, "/v1/moderations") == (404, "chat@x")
    assert respond(upstream, "/other/chat") == (404, "chat@x")
    assert upstream.respond(Request("POST", "http://host.test/other")).unmatched


def test_faults_are_those_of_the_flight_attempt_by_attempt() -> None:
    upstream = flying(Upstream(SIDE.exchanges), script="status-503,ok")
    assert [respond(upstream, CHAT)[0] for _ in range(3)] == [503, 200, 200]


def test_under_load_a_call_belongs_to_its_request_id_else_to_the_client_with_the_fewest() -> None:
    upstream = Upstream(SIDE.exchanges)
    one = Flight("chat@load-2", "chat", 0, 0, 0, "POST", None, 0.0, request_id="id-0")
    upstream.flights = one, replace(one, sample=1, request_id="id-1")

    def sample(*headers: tuple[str, str]) -> int:
        headers = (("authorization", "Bearer k"), *headers)
        return upstream.respond(Request("POST", f"http://host.test{CHAT}", headers, ASKED.body)).sample

    assert [sample(("X-Request-Id", "id-1")), sample(), sample(), sample()] == [1, 0, 0, 1]


def test_under_load_all_get_the_same_bytes() -> None:
    first, second = (replace(SIDE.exchanges["chat"][0], sample=n, first_byte_ms=float(n)) for n in range(2))
    upstream = flying(Upstream({"chat": [first, second]}))
    request = Request("POST", f"http://host.test{CHAT}", (("authorization", "Bearer k"),), ASKED.body)
    assert [upstream.respond(request).reply.head_ms for _ in range(3)] == [0.0, 1.0, 0.0]
    upstream.flights *= 2
    assert [upstream.respond(request).reply.head_ms for _ in range(3)] == [0.0] * 3


def test_a_gateways_own_requests_are_apart() -> None:
    upstream = flying(Upstream(SIDE.exchanges))
    assert respond(upstream, "/v1/models", method="GET") == (200, BETWEEN)
    assert respond(upstream, "/health", method="GET") == (200, "")
    upstream.flights = ()
    assert respond(upstream, CHAT, {"messages": [{"role": "user", "content": "a preflight"}]}) == (200, BETWEEN)
    assert respond(upstream, "/v1/moderations") == (404, BETWEEN)
    assert respond(upstream, "/elsewhere") == (404, BETWEEN)


def test_a_strict_upstream() -> None:
    upstream = flying(Upstream(SIDE.exchanges, strict=True))
    assert respond(upstream, CHAT, {"top_k": 3}) == (400, "chat@x")
    assert respond(upstream, CHAT, {"seed": 3}) == (200, "chat@x")
    upstream.flights = ()
    assert respond(upstream, CHAT, {"top_k": 3}) == (400, BETWEEN)


def test_a_bad_key_that_a_gateway_replaced_gets_what_a_good_one_gets() -> None:
    upstream = flying(Upstream(SIDE.exchanges), "error-bad-key")
    assert respond(upstream, CHAT, {"messages": [{"role": "user", "content": "nobody asked this"}]})[0] == 200


# -- what is asked ------------------------------------------------------------------------------


def scenario(name: str, steps: int = 1) -> Scenario:
    body = json.loads(SIDE.exchanges[name][0].request.body or b"{}") if name != "models" else None
    step = Step("chat.completions", "chat", body) if body else Step("models", method="GET")
    return Scenario(name, "text", (step,) * steps)


def test_the_cells_of_a_suite() -> None:
    made = cells([scenario("models"), scenario("chat"), scenario("chat-stream")], SIDE.exchanges, None)
    ids = [cell.scenario.id for cell in made]
    assert ids[0] == "chat@headers"
    assert ids[-1] == "chat@afterwards"
    assert {"chat-stream@cancel", "chat-stream@cut-after-3", "chat@status-429+retry-after-1"} <= set(ids)
    assert ids.index("chat-stream@cancel") < ids.index("chat@status-500")
    made_up = goldens_of(made, SIDE.exchanges)
    assert {e.response.status if e.response else 0 for e in made_up["chat@html-502"]} == {502}
    assert [str(e.ending) for e in made_up["chat@reset"][:1]] == ["reset"]
    assert [str(e.ending) for e in made_up["chat-stream@cut-after-3"][:1]] == ["cut"]


def test_silence_and_load_are_asked_for() -> None:
    scenarios = [scenario("chat"), scenario("chat-stream")]
    usual = {cell.scenario.id for cell in cells(scenarios, SIDE.exchanges, None)}
    made = cells(scenarios, SIDE.exchanges, None, silent=True, load=200)
    more = [cell.scenario.id for cell in made if cell.scenario.id not in usual]
    assert more == ["chat@first-byte-after-65s", "chat-stream@pause-after-1-for-65s", "chat-stream@load-200"]
    assert [cell.scenario.steps[0].repeat for cell in made if cell.many] == [200]
    golden = goldens_of(made, SIDE.exchanges)
    assert len(golden["chat-stream@load-200"]) == 1 < len(SIDE.exchanges["chat-stream"])
    assert cells([scenario("models")], SIDE.exchanges, None, silent=True, load=200) == ()
    usual_times, outlasting = Timeouts(), longer(Timeouts(), golden)
    assert (outlasting.first_byte, outlasting.between_chunks) > (120.0, 120.0) > (usual_times.first_byte, 120.0)
    assert longer(usual_times, {"chat": SIDE.exchanges["chat"]}) == usual_times


def test_a_suite_without_a_chat_has_what_fits() -> None:
    assert [c.scenario.id for c in cells([scenario("models")], SIDE.exchanges, None)] == []
    embed = replace(scenario("chat"), id="embed", steps=(Step("embeddings", "embedding", {"input": "a"}),))
    ids = [c.scenario.id for c in cells([embed], SIDE.exchanges, ())]
    assert ids == ["embed@headers", "embed@query", "embed@afterwards"]


def test_rules_of_a_file_are_cells_and_what_does_not_fit_has_none() -> None:
    rules = (Rule(script_of("status-503*2,ok"), stream=False), Rule(script_of("cut-after-900")))
    made = cells([scenario("chat"), scenario("chat-stream"), scenario("chat", steps=2)], SIDE.exchanges, rules)
    ids = {c.scenario.id for c in made if c.script}
    assert ids == {"chat@status-503-times-2-then-ok", "chat@cut-after-900", "chat-stream@cut-after-900"}
    assert "chat-stream@cut-after-900" not in goldens_of(made, SIDE.exchanges)


# -- a command ----------------------------------------------------------------------------------


def start(*command: str, ready: str = "http://127.0.0.1:9/x", environ: dict[str, str] | None = None) -> None:
    with launch.started(command, environ or {"PATH": "/bin:/usr/bin"}, ready, Path(), "g", Scrubber()):
        raise AssertionError("it is not ready")


def test_what_a_command_sees() -> None:
    seen = launch.environment({"A": "1", "KEY": "2", HIDDEN: "KEY"}, {"KEY", HIDDEN}, 7, "http://u/v1")
    assert seen == {"A": "1", "GATE_PORT": "7", "GATE_UPSTREAM": "http://u/v1", "GATE_KEY": "sk-gate-0000"}
    assert launch.filled('{"a": {port}} {upstream} {x}', 7, "u") == '{"a": 7} u {x}'
    assert launch.filled("{port}", None, "u") == "{port}"


def test_a_command_that_ends_too_early_or_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(RouteError, match="ended with exit status 3") as ended:
        start("sh", "-c", "echo one; echo two; exit 3")
    assert ended.value.fix == "these are its last lines:\n  | one\n  | two"
    with pytest.raises(RouteError) as silent:
        start("sh", "-c", "exit 4")
    assert "printed nothing" in silent.value.fix
    with pytest.raises(ConfigError, match="there is no command nowhere"):
        start("nowhere")
    with pytest.raises(ConfigError, match=r"there is no command \./nowhere"):
        start("./nowhere")


def test_a_command_that_is_never_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "START_SECONDS", 0.1)
    with pytest.raises(RouteError, match="was not ready after"):
        start(sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)")


def test_what_is_up() -> None:
    assert not launch.is_up("http://127.0.0.1:9")
    assert not launch.is_up("http://127.0.0.1:9/health")
