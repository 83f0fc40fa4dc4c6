"""A limit of the route (429) is waited for by all requests together, whatever header names it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gate.model import Exchange, Limits, Request, Response
from gate.replay.server import serve
from gate.run.pace import BUDGET, MAX_LIMITED, Pace, reset_after
from tests.provider import Provider, problem
from tests.recorded import record
from tests.test_cli import gate

NONE: dict[str, str] = {}
NOW = 1773396020.0


def busy(**headers: str) -> Exchange:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange(Request("POST", "http://h/v1/chat/completions"), Response(429, headers=named, body=b"{}"))


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced(longest: float = 60.0) -> tuple[Pace, Clock]:
    clock = Clock()
    return Pace(Limits(max_retry_after=longest), clock, clock.sleep), clock


@pytest.mark.parametrize(
    ("headers", "retries", "wait"),
    [
        ({"retry_after": "2"}, 0, 2.0),
        ({"retry_after": "0.5"}, 1, 2.0),  # it was not enough the first time
        ({"retry_after": "60"}, 0, 60.0),
        ({"retry_after": "61"}, 0, None),
        ({"retry_after": "1382400"}, 0, None),  # ER16: "resets in 16 days"
        ({"retry_after": "2"}, MAX_LIMITED, None),
        ({}, 0, 1.0),
        ({}, 3, 8.0),
        ({}, 5, 32.0),
        ({}, MAX_LIMITED, None),
        ({"x_ratelimit_reset_requests": "6s"}, 0, 6.0),
        ({"x_ratelimit_reset_requests": "8h24m0s"}, 1, 2.0),  # a day's quota: a request may fit long before
        ({"ratelimit_reset": "4"}, 0, 4.0),
        ({"retry_after_ms": "250"}, 0, 0.25),
        ({"retry_after": "3", "ratelimit_reset": "50"}, 0, 3.0),
    ],
)
def test_the_pause_after_a_limit(headers: Mapping[str, str], retries: int, wait: float | None) -> None:
    pace, _ = paced()
    assert pace.pause(busy(**headers), retries) == wait


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x_ratelimit_reset_requests": "6m0s"}, 360.0),
        ({"x_ratelimit_reset_tokens": "120ms"}, 0.12),
        ({"x_ratelimit_reset": str(int(NOW) + 30)}, 30.0),  # a point of time, as OpenRouter sends it in ms or s
        ({"x_ratelimit_reset": "12"}, 12.0),
        ({"ratelimit_reset": "soon"}, None),
        ({"ratelimit_reset": "5 s"}, None),
        ({"retry_after_ms": "x", "ratelimit_reset": "7"}, 7.0),
        ({}, None),
    ],
)
def test_headers_that_stand_for_retry_after(headers: Mapping[str, str], seconds: float | None) -> None:
    assert reset_after(busy(**headers).response, NOW) == seconds


def test_the_pause_holds_for_every_request_and_slows_the_next_ones() -> None:
    async def main() -> list[float]:
        pace, clock = paced()
        await pace.turn()
        assert clock.now == 100.0  # nothing is slowed down before a limit
        assert pace.pause(busy(retry_after="3"), 0) == 3.0
        assert pace.pause(busy(retry_after="2"), 0) == 3.0  # in flight at the same time: no further slowing
        sent = []
        for _ in range(3):
            await pace.turn()
            sent.append(clock.now)
        pace.pause(busy(retry_after="3"), 0)
        for _ in range(3):
            await pace.turn()
            sent.append(clock.now)
        return sent

    assert asyncio.run(main()) == [103.0, 103.25, 103.5, 106.5, 107.0, 107.5]


def test_a_limit_that_comes_while_a_request_waits_holds_for_it_too() -> None:
    async def main() -> float:
        pace, clock = paced()
        pace.pause(busy(retry_after="3"), 0)

        async def sleep(seconds: float) -> None:
            clock.now += seconds
            if clock.now == 103.0:
                pace.pause(busy(retry_after="5"), 0)

        pace.sleep = sleep
        await pace.turn()
        return clock.now

    assert asyncio.run(main()) >= 108.0


def test_the_pauses_of_a_run_have_a_budget() -> None:
    pace, clock = paced(longest=2.0)
    waits = []
    for _ in range(8):
        wait = pace.pause(busy(retry_after="2"), 0)
        waits.append(wait)
        clock.now += wait or 0.0
    assert waits == [2.0] * BUDGET + [None] * (8 - BUDGET)
    assert pace.note("candidate") == (
        "route candidate limits its rate (429): requests were paused and sent further apart until the pauses reached 10 s",
    )
    assert paced()[0].note("candidate") == ()


def test_requests_are_at_most_a_tenth_of_the_longest_pause_apart() -> None:
    pace, clock = paced()
    for _ in range(20):
        pace.pause(busy(retry_after="1"), 0)
        clock.now += 1.0
    assert pace.interval == 6.0


# -- a whole check against an identical server that limits its rate -----------------------------

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
limits: {max_retry_after: 1s}
"""
WINDOW = 0.5  # a tenth of the five seconds of the real case


class Limited(Provider):
    """A faithful provider that answers `of` requests, then none for a window, and so on; a refusal is a 429.

    By their number and not by the clock: a busy machine sends no ten requests in half a second.
    """

    def __init__(self, headers: Mapping[str, str], of: int = 10, window: float = WINDOW) -> None:
        super().__init__(seed=2)
        self.limit_headers, self.of, self.window = headers, of, window
        self.answered = self.refused = 0
        self.until = 0.0

    def answer(self, request: Request) -> Exchange | None:
        now = time.monotonic()
        if now >= self.until:
            if self.answered < self.of:
                self.answered += 1
                return super().answer(request)
            self.answered, self.until = 0, now + self.window
        self.refused += 1
        body = json.dumps(problem("Rate limit reached", "rate_limit_exceeded")).encode()
        given = (("content-type", "application/json"), *self.limit_headers.items())
        return Exchange(request, Response(429, "", given, body))


@pytest.fixture(scope="module")
def goldens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("limits"), CONFIG)


def judged(*arguments: str) -> tuple[int, dict[str, Any]]:
    result = gate(*arguments, "--report", "json")
    report: dict[str, Any] = json.loads(result.output)
    return result.exit_code, report


@pytest.mark.parametrize(
    ("headers", "of"),
    [
        pytest.param({"retry-after": "0.5"}, 10, id="Retry-After", marks=pytest.mark.slow),
        pytest.param(
            {"x-ratelimit-reset-requests": "500ms"}, 10, id="x-ratelimit-reset-requests", marks=pytest.mark.slow
        ),
        pytest.param({"ratelimit-reset": "0.5"}, 10, id="ratelimit-reset", marks=pytest.mark.slow),
        pytest.param({"retry-after-ms": "500"}, 10, id="retry-after-ms", marks=pytest.mark.slow),
        pytest.param(NONE, 10, id="no header"),
        pytest.param({"retry-after": "3600"}, 10, id="a day's quota", marks=pytest.mark.slow),
        pytest.param(NONE, 0, id="nothing is ever answered", marks=pytest.mark.slow),
    ],
)
def test_a_limit_is_never_drift(
    goldens: Path, monkeypatch: pytest.MonkeyPatch, headers: Mapping[str, str], of: int
) -> None:
    monkeypatch.chdir(goldens)
    monkeypatch.setenv("GATE_TEST_KEY", "sk-test-key-0001")
    server = Limited(headers, of)
    with serve(server) as base:
        monkeypatch.setenv("BASE", base)
        live, report = judged("check")
    offline, again = judged("diff", "golden", ".gate/candidate")
    assert server.refused
    assert live == offline
    assert live in (0, 3), report["reason"]
    assert [f for f in report["findings"] if f["severity"] != "info"] == []
    assert report["findings"] == again["findings"]
    statuses = [(s["id"], s["status"], s["reason"]) for s in report["scenarios"]]
    assert statuses == [(s["id"], s["status"], s["reason"]) for s in again["scenarios"]]
    assert all("rate limit" in reason for _, status, reason in statuses if status == "incomplete")
    assert any("limits its rate (429)" in note for note in report["notes"])
