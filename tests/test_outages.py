"""Outage or drift: each way in which a route can fail gives the verdict that design principle 1 asks for, live and
again offline from the files that the check left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from gate.model import Ending, Exchange, Response
from gate.replay.server import serve
from tests.provider import Provider
from tests.recorded import inside, record
from tests.test_cli import gate

ROOT = Path(__file__).parent.parent
CONFIG = """\
version: 1
suite: [minimal]
samples: {record: 2, check: 1, confirm: 2}
routes:
  baseline: &route
    base_url: ${BASE}
    api_key_env: GATE_TEST_KEY
    models: {chat: gpt-4o-mini, embedding: text-embedding-3-small}
    max_concurrency: 1  # so that the first ones are served before a route goes down
    timeouts: {connect: 2s, first_byte: 1500ms, between_chunks: 1500ms, total: 10s}
  candidate: *route
limits: {max_retry_after: 300ms}
"""


@pytest.fixture(scope="module")
def goldens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("team"), CONFIG)


@pytest.fixture
def team(goldens: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return inside(goldens, monkeypatch)


# -- how a route can fail -----------------------------------------------------------------------

Fault = Callable[[Exchange], Exchange]


def answer(
    status: int, body: bytes = b'{"error":{"message":"overloaded","type":"server_error"}}', **headers: str
) -> Fault:
    kind = "application/json" if body.startswith(b"{") else "text/html"
    given = (("content-type", kind), *((name.replace("_", "-"), value) for name, value in headers.items()))
    return lambda e: replace(e, response=Response(status, "", given, body), chunks=(), ending=Ending.COMPLETE)


PAGE = answer(502, b"<html><head><title>502 Bad Gateway</title></head></html>")
BUSY = answer(429, retry_after="0.1")
EMPTY = answer(200, b"")
OPEN = answer(503, b'{"error":{"message":"circuit breaker is open","type":"server_error"}}')
RESET: Fault = lambda e: replace(e, response=None, ending=Ending.RESET)
HANG: Fault = lambda e: replace(e, response=None, ending=Ending.TIMEOUT)


def halved(found: Exchange) -> Exchange:
    assert found.response
    body = found.response.body[: len(found.response.body) // 2]
    return replace(found, response=replace(found.response, body=body), ending=Ending.CUT)


def embeddings(found: Exchange) -> bool:
    return found.request.url.endswith("/embeddings")


def streamed(found: Exchange) -> bool:
    return b'"stream":true' in (found.request.body or b"")


def always(fault: Fault, of: Callable[[Exchange], bool] = embeddings) -> Callable[[], Fault]:
    """That scenario alone, each time."""
    return lambda: lambda e: fault(e) if of(e) else e


def once(fault: Fault, of: Callable[[Exchange], bool] = embeddings) -> Callable[[], Fault]:
    """That scenario alone, the first time."""

    def fresh() -> Fault:
        left = count()
        return lambda e: fault(e) if of(e) and next(left) == 0 else e

    return fresh


def after(healthy: int, fault: Fault) -> Callable[[], Fault]:
    """Everything, as soon as so many requests were answered."""

    def fresh() -> Fault:
        seen = count()
        return lambda e: fault(e) if next(seen) >= healthy else e

    return fresh


PASS, DRIFT, INCOMPLETE = 0, 1, 3

# Each kind of failure once is fast; those that differ from one of them in a status or a header alone are slow.


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        pytest.param(once(PAGE), PASS, "95 % interval", id="502 page once"),
        pytest.param(always(PAGE), DRIFT, "502", id="502 page for one scenario"),
        pytest.param(after(3, PAGE), INCOMPLETE, "HTTP 502 text/html", id="502 page for all"),
        pytest.param(once(answer(500)), PASS, "95 % interval", id="500 once", marks=pytest.mark.slow),
        pytest.param(always(answer(500)), DRIFT, "500", id="500 for one scenario", marks=pytest.mark.slow),
        pytest.param(after(3, answer(500)), INCOMPLETE, "HTTP 500", id="500 for all", marks=pytest.mark.slow),
        pytest.param(once(BUSY), PASS, "", id="429 once, with Retry-After", marks=pytest.mark.slow),
        pytest.param(always(BUSY), INCOMPLETE, "rate limit: HTTP 429", id="429 for ever, for one scenario"),
        pytest.param(
            always(answer(429)), INCOMPLETE, "rate limit: HTTP 429", id="429 without any header", marks=pytest.mark.slow
        ),
        pytest.param(after(3, BUSY), INCOMPLETE, "HTTP 429", id="429 for ever, for all"),
        pytest.param(
            always(answer(429, retry_after="3600")),
            INCOMPLETE,
            "rate limit: HTTP 429",
            id="Retry-After beyond the bound",
            marks=pytest.mark.slow,
        ),
        pytest.param(after(3, answer(503)), INCOMPLETE, "HTTP 503", id="503 for all", marks=pytest.mark.slow),
        pytest.param(after(3, answer(401)), INCOMPLETE, "HTTP 401", id="key revoked", marks=pytest.mark.slow),
        pytest.param(once(RESET), PASS, "95 % interval", id="reset once"),
        pytest.param(always(RESET), DRIFT, "reset", id="reset for one scenario"),
        pytest.param(after(3, RESET), INCOMPLETE, "reset", id="reset for all", marks=pytest.mark.slow),
        pytest.param(once(HANG), PASS, "95 % interval", id="hang once"),
        pytest.param(always(HANG), DRIFT, "first_byte timeout", id="hang for one scenario", marks=pytest.mark.slow),
        pytest.param(once(halved, streamed), PASS, "95 % interval", id="stream cut once"),
        pytest.param(once(EMPTY), PASS, "95 % interval", id="200 without a body once", marks=pytest.mark.slow),
        pytest.param(always(EMPTY), DRIFT, "text/html", id="200 without a body each time"),
        pytest.param(always(OPEN), INCOMPLETE, "a breaker or a cooldown", id="an open breaker, for ever"),
        pytest.param(always(halved, streamed), DRIFT, "cut", id="stream cut each time"),
        pytest.param(always(answer(404)), DRIFT, "404", id="404 for one scenario"),
        pytest.param(always(answer(400)), DRIFT, "400", id="400 for one scenario", marks=pytest.mark.slow),
    ],
)
def test_the_verdict_of_a_failure_is_the_same_live_and_offline(
    team: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[], Fault], code: int, words: str
) -> None:
    with serve(Provider(mutate=fault(), seed=2)) as base:
        monkeypatch.setenv("BASE", base)
        live, report = judged("check")
    offline, again = judged("diff", "golden", ".gate/candidate")
    assert (live, offline) == (code, code), report["reason"]
    assert told(report) == told(again)
    said = " ".join([*(s["reason"] for s in report["scenarios"]), *(f["candidate"] for f in report["findings"])])
    assert any(word in said for word in words.split("|")), said
    if code == INCOMPLETE:
        assert not [f for f in report["findings"] if f["severity"] == "breaking"]
        assert all(s["reason"] for s in report["scenarios"] if s["status"] == "incomplete")


def judged(*arguments: str) -> tuple[int, dict[str, Any]]:
    result = gate(*arguments, "--report", "json")
    assert result.output.startswith("{"), result.output
    found: dict[str, Any] = json.loads(result.output)
    return result.exit_code, found


def told(report: dict[str, Any]) -> Any:
    scenarios = [(s["id"], s["status"], s["reason"], s["attempts"]) for s in report["scenarios"]]
    return report["verdict"], report["reason"], scenarios, report["findings"]


# -- a route that is gone -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (PAGE, "answers 502 (text/html): that is a gateway, not the API"),
        (answer(500), "answers 500 to a plain request: overloaded"),
        (answer(401), "the route rejects the key in GATE_TEST_KEY: it answers 401"),
        (RESET, "can't be used: the connection was reset before any answer"),
        (HANG, "first_byte timeout: no byte of the answer within 1.5 s"),
    ],
)
def test_a_route_that_is_down_from_the_start_is_told_in_a_sentence(
    team: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault, words: str
) -> None:
    with serve(Provider(mutate=fault)) as base:
        monkeypatch.setenv("BASE", base)
        result = gate("check")
    assert (result.exit_code, "breaking[" in result.output) == (3, False)
    assert words in result.output
    assert "fix: " in result.output


@contextmanager
def mortal(healthy: int) -> Iterator[str]:
    """The base URL of a provider in a process of its own, that dies when so many requests came."""
    argv = [sys.executable, "-m", "tests.test_outages", str(healthy)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.kill()


class Mortal(Provider):
    def __init__(self, healthy: int) -> None:
        super().__init__(gap_ms=20)
        self.healthy = healthy

    def answer(self, request: Any) -> Exchange | None:
        if len(self.requests) == self.healthy:
            os._exit(1)
        return super().answer(request)


@pytest.mark.parametrize("healthy", [3, pytest.param(4, marks=pytest.mark.slow)])
def test_a_server_that_dies_in_the_middle_of_a_run(team: Path, monkeypatch: pytest.MonkeyPatch, healthy: int) -> None:
    dying: AbstractContextManager[str] = mortal(healthy)
    with dying as base:
        monkeypatch.setenv("BASE", base)
        live, report = judged("check")
    offline, again = judged("diff", "golden", ".gate/candidate")
    assert (live, offline) == (3, 3), report["findings"]
    assert told(report) == told(again)
    assert any("the route is down" in note for note in report["notes"])


if __name__ == "__main__":
    with serve(Mortal(int(sys.argv[1]))) as address:
        print(address, flush=True)
        sys.stdin.read()
