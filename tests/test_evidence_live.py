"""A check against real servers that fail at random, limit their rate, start cold or are slow: what is told, and what is
not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gate.model import Chunk, Exchange, Request, Response
from gate.replay.service import Service
from gate.store.sides import load_side
from tests.provider import Provider
from tests.recorded import check, inside, record
from tests.test_cli import gate

pytestmark = pytest.mark.slow

CONFIG = """\
version: 1
suite: [standard, tool-parallel]
samples: {record: 3, check: 1, confirm: 2}
routes:
  baseline: &route
    base_url: ${BASE}
    api_key_env: GATE_TEST_KEY
    models: {chat: gpt-4o-mini, embedding: text-embedding-3-small}
    timeouts: {connect: 2s, first_byte: 10s, between_chunks: 10s, total: 20s}
  candidate: *route
"""


@pytest.fixture(scope="module")
def goldens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("team"), CONFIG)


@pytest.fixture
def team(goldens: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return inside(goldens, monkeypatch)


def loud(report: dict[str, Any]) -> list[str]:
    return [f"{f['severity']} {f['rule']} {f['scenario']}" for f in report["findings"] if f["severity"] != "info"]


# -- failures at random -------------------------------------------------------------------------

FAULTS = [("reset", "reset"), ("status-502", "502"), ("cut-after-20-bytes", "cut"), ("empty-200", "empty")]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("fault", "word"), FAULTS)
def test_random_failures_of_every_kind_are_told_evenly(team: Path, fault: str, word: str, seed: int) -> None:
    """`gate serve` over the goldens themselves, with 15 % of the requests failing."""
    code, report = check(Service(load_side(team / "golden").exchanges, speed=0), fault=f"{fault}~15~{seed}")
    (found,) = [f for f in report["findings"] if f["rule"] == "requests-failed"]
    assert (code, report["verdict"], loud(report)) == (0, "pass", ["risky requests-failed *"]), report["reason"]
    assert word in found["message"]
    low, high = found["interval"]
    assert low < 0.15 < high
    again = json.loads(gate("diff", "golden", ".gate/candidate", "--report", "json").output)
    assert (again["verdict"], again["findings"]) == ("pass", report["findings"])


# -- what is no drift ---------------------------------------------------------------------------


class Limited(Provider):
    """Allows so many requests in any time of so many seconds, and says so in that header."""

    def __init__(self, allowed: int, seconds: float, header: tuple[str, str] | None, seed: int) -> None:
        super().__init__(seed=seed)
        self.allowed, self.seconds, self.header = allowed, seconds, header
        self.times: list[float] = []

    def answer(self, request: Request) -> Exchange | None:
        now = time.monotonic()
        self.times = [at for at in self.times if at > now - self.seconds]
        if len(self.times) >= self.allowed:
            headers = (("content-type", "application/json"), *((self.header,) if self.header else ()))
            body = b'{"error":{"message":"Too many requests","type":"requests","param":null,"code":"rate_limit"}}'
            return Exchange(request, Response(429, "", headers, body))
        self.times.append(now)
        return super().answer(request)


@pytest.mark.parametrize("header", [("retry-after", "2"), ("x-ratelimit-reset-requests", "2s"), None])
def test_an_identical_server_that_limits_its_rate_is_no_drift(team: Path, header: tuple[str, str] | None) -> None:
    code, report = check(Limited(10, 5.0, header, seed=4))
    assert code in (0, 3)
    assert report["findings"] == []
    assert any("limits its rate (429)" in note for note in report["notes"])


class Breaker(Provider):
    """A gateway whose breaker opens for a while after each answer of 5xx that it passes on."""

    def __init__(self, seconds: float, seed: int) -> None:
        super().__init__(seed=seed)
        self.seconds, self.until, self.numbers = seconds, 0.0, 0

    def answer(self, request: Request) -> Exchange | None:
        if time.monotonic() < self.until:
            body = b'{"error":{"message":"CircuitBreaker upstream is OPEN","type":"server_error"}}'
            return Exchange(request, Response(503, "", (("content-type", "application/json"),), body))
        found = super().answer(request)
        self.numbers += 1
        if found and self.numbers in (5, 9):
            self.until = time.monotonic() + self.seconds
            return page(found)
        return found


def page(found: Exchange) -> Exchange:
    html = b"<html><head><title>502 Bad Gateway</title></head></html>"
    return replace(found, response=Response(502, "", (("content-type", "text/html"),), html), chunks=())


def test_an_open_breaker_is_waited_for(team: Path) -> None:
    code, report = check(Breaker(1.5, seed=3))
    assert (code, report["verdict"], loud(report)) == (0, "pass", ["risky requests-failed *"]), report["reason"]
    assert any("holds requests back (a breaker or a cooldown)" in note for note in report["notes"])


# -- latency ------------------------------------------------------------------------------------


class Slow(Provider):
    """Streams begin so many ms late: the first requests alone (a cold start), or all of them."""

    def __init__(self, ms: float, cold: int | None, seed: int) -> None:
        super().__init__(seed=seed, gap_ms=20.0)
        self.ms, self.cold = ms, cold
        self.late: Iterator[int] = iter(range(10**6))

    def answer(self, request: Request) -> Exchange | None:
        found = super().answer(request)
        if found is None or (self.cold is not None and next(self.late) >= self.cold):
            return found
        return replace(found, chunks=tuple(Chunk(chunk.at_ms + self.ms, chunk.size) for chunk in found.chunks))


STREAMS = ("-s", "chat-stream", "-s", "chat-stream-usage", "-s", "chat")


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with goldens whose first tokens come after about 0.1 s, so that a busy machine has room."""
    return record(tmp_path_factory.mktemp("steady"), CONFIG, *STREAMS, provider=Slow(100, None, seed=1))


def timed(report: dict[str, Any]) -> list[str]:
    return [f["rule"] for f in report["findings"] if f["area"] == "latency"]


@pytest.mark.alone
def test_ten_cold_starts_are_no_finding(steady: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(steady)
    monkeypatch.setenv("GATE_TEST_KEY", "sk-test-key-0001")
    for seed in range(10):
        code, report = check(Slow(3500, 3, seed), *STREAMS)
        assert (code, report["verdict"], timed(report)) == (0, "pass", [])
        assert report["requests"]["suspicion"] > 0  # it was seen, and refuted


@pytest.mark.alone
def test_a_cold_start_breaks_no_budget(steady: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(steady)
    monkeypatch.setenv("GATE_TEST_KEY", "sk-test-key-0001")
    (steady / "budget.yaml").write_text(CONFIG + "policy: {budgets: {ttft_p95: {max: 2s}}}\n")
    code, report = check(Slow(4000, 1, seed=1), *STREAMS, "--samples", "5", "--config", "budget.yaml")
    assert (code, timed(report), report["requests"]["probe"]) == (0, [], 1)
    assert not [note for note in report["notes"] if "not judged" in note]


@pytest.mark.alone
def test_a_route_that_is_much_slower_is_found_each_time(steady: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(steady)
    monkeypatch.setenv("GATE_TEST_KEY", "sk-test-key-0001")
    for seed in range(10):
        _, report = check(Slow(3500, None, seed), *STREAMS)
        assert set(timed(report)) == {"first-token-slower"}
        assert all((f["hits"], f["samples"]) == (3, 3) for f in report["findings"] if f["area"] == "latency")


# -- suspicion ----------------------------------------------------------------------------------


def one_call(found: Exchange) -> Exchange:
    """Of several calls only the first one comes, streamed and plain."""
    response = found.response
    if response is None or b'"tool_calls"' not in response.body:
        return found
    if response.body.startswith(b"data:"):
        frames = [frame for frame in response.body.split(b"\n\n") if b'"index": 1, "function"' not in frame]
        kept = b"\n\n".join(frame for frame in frames if b'"index": 1}' not in frame and b'"index": 1,' not in frame)
    else:
        document = json.loads(response.body)
        message = document["choices"][0]["message"]
        message["tool_calls"] = message["tool_calls"][:1]
        kept = json.dumps(document).encode()
    return replace(found, response=replace(response, body=kept), chunks=())


@pytest.mark.parametrize("alone", [True, False])
def test_two_calls_that_become_one_are_told_at_one_sample(team: Path, alone: bool) -> None:
    """TL02's milder form. Plain and streamed are evidence for each other; alone, the suspicion sends it again."""
    names = ("tool-parallel",) if alone else ("tool-parallel", "tool-parallel-stream")
    code, report = check(Provider(mutate=one_call, seed=2), *(word for name in names for word in ("-s", name)))
    told = [f for f in report["findings"] if f["rule"] == "tool-call-count"]
    assert (code, [f["scenario"] for f in told]) == (0, list(names))
    assert all((f["hits"], f["samples"]) == (3, 3) and "interval" not in f for f in told)
    assert report["requests"]["suspicion"] == 2 * len(names)
    assert any("to confirm or refute what was seen in tool-parallel" in note for note in report["notes"])


def test_what_suspicion_sends_is_bounded(team: Path) -> None:
    names = ("-s", "tool-parallel", "-s", "tool-parallel-stream", "--max-requests", "3")
    _, report = check(Provider(mutate=one_call, seed=2), *names)
    assert report["requests"] == {"suite": 2, "suspicion": 1, "probe": 0}
