"""A compressed body weighs as the same body plain, and a route that always compresses is an API like any other."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gate.model import Ending, Exchange, Limits, Response, Route, Severity
from gate.observe.refusal import document
from gate.replay.server import serve as replay
from gate.run.failures import served, speaks
from gate.run.outcomes import well
from gate.run.preflight import preflight
from tests.loopback import Call, Handler, serve
from tests.provider import Provider
from tests.rules_table import HELLO, Row, completion, judge, plain, stream
from tests.test_check import CONFIG
from tests.test_cli import gate

JSON = json.dumps(completion()).encode()
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda raw: gzip.compress(raw, mtime=0),
    "deflate": zlib.compress,
    "deflate, gzip": lambda raw: gzip.compress(zlib.compress(raw), mtime=0),
}
BODIES = {
    "html": b"<!DOCTYPE html><title>App</title>",
    "cut json": JSON[:-40],
    "nothing": b"",
    "blank": b" \n",
    "words": b"Too many requests",
    "json lines": b'{"a": 1}\n{"a": 2}\n',
}


def packed(exchange: Exchange, encoding: str, size: int | None = None) -> Exchange:
    """The exchange with its body in an encoding, and cut to `size` bytes."""
    assert exchange.response is not None
    body = PACKERS[encoding](exchange.response.body)[:size]
    headers = (*exchange.response.headers, ("content-encoding", encoding))
    return replace(exchange, response=Response(exchange.response.status, "", headers, body))


def severities(golden: Exchange, candidate: Exchange) -> set[tuple[str, str, Severity]]:
    return {(f.rule, f.path, f.severity) for f in judge(Row("", golden, candidate)) if f.severity > Severity.INFO}


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_comes_out_is_judged_as_if_it_came_plain(encoding: str, body: bytes) -> None:
    bare = plain(body, headers={"content-type": "text/html"})
    for golden in (plain(completion()), stream(*HELLO)):
        loss = severities(golden, bare)
        assert Severity.BREAKING in {severity for _, _, severity in loss}
        assert severities(golden, packed(bare, encoding)) == loss


@pytest.mark.parametrize("size", range(0, len(PACKERS["gzip"](JSON)) - 12, 7))
def test_an_encoding_that_is_cut_is_a_cut_body(size: int) -> None:
    cut = packed(plain(completion()), "gzip", size)
    assert ("body-not-json", "body", Severity.BREAKING) in severities(plain(completion()), cut)


def test_a_whole_answer_in_an_encoding_is_no_drift() -> None:
    for encoding in PACKERS:
        assert severities(plain(completion()), packed(plain(completion()), encoding)) == set()


# -- is it an API? ------------------------------------------------------------------------------

ERROR = b'{"error": {"message": "no", "type": "api_error"}}'
ANSWERS = [
    plain(completion()),
    plain(b'{"object": "list", "data": []}'),
    plain(b'{"status": "ok"}'),
    plain(b"<html>Welcome"),
    plain(ERROR, status=502),
    plain(b"<html>Bad Gateway", status=502),
    plain(ERROR, status=404),
    plain(ERROR, status=400),
    stream(*HELLO),
    replace(plain(completion()), ending=Ending.CUT),
]


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_the_outcome_of_an_exchange_does_not_depend_on_its_encoding(answer: Exchange, encoding: str) -> None:
    same = packed(answer, encoding)
    for ask in (served, speaks, well):
        assert ask(same) == ask(answer)
    assert document(same.response) == document(answer.response)


@pytest.mark.parametrize(
    ("body", "media_type", "api"),
    [
        (b"\x0b\x02\x80{}\x03", "application/json; charset=utf-8", True),
        (b"\x0b\x02\x80{}\x03", "text/event-stream", True),
        (b"\x0b\x02\x80{}\x03", "text/html", False),
        (JSON, "application/json", True),  # T24: the label alone
    ],
)
def test_of_what_can_not_be_unpacked_the_media_type_decides(body: bytes, media_type: str, api: bool) -> None:
    answer = plain(body, headers={"content-type": media_type, "content-encoding": "br"})
    assert speaks(answer) == well(answer) == api


def compressing(encoding: str) -> Handler:
    async def handler(call: Call) -> None:
        body = PACKERS[encoding](JSON)
        await call.reply(200, body, {"content-type": "application/json", "content-encoding": encoding})

    return handler


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_route_that_always_compresses_passes_the_preflight(encoding: str) -> None:
    async def main() -> None:
        async with serve(compressing(encoding)) as server:
            route = Route("candidate", server.origin + "/v1", None, {"chat": "m"})
            await preflight(route, limits=Limits(), key=None)

    asyncio.run(main())


# -- record and check ---------------------------------------------------------------------------


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "gate.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GATE_TEST_KEY", "sk-test-key-0001")
    return tmp_path


def test_a_route_that_always_compresses_is_recorded_and_checked(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`gzip-stream` asks for it, `chat` does not; one preflight, one closing probe and both commands meet gzip."""
    asked = ("--suite", "full", "-s", "gzip-stream", "-s", "chat")
    with replay(Provider(mutate=lambda e: replace(packed(e, "gzip"), chunks=()))) as base:
        monkeypatch.setenv("BASE", base)
        recorded = gate("record", *asked)
        assert recorded.exit_code == 0, recorded.output
        assert "recorded 2 scenarios" in recorded.output
        checked = gate("check", *asked)
    assert checked.exit_code == 0, checked.output


def test_a_golden_that_can_not_be_read_is_refused(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def brotli(exchange: Exchange) -> Exchange:
        assert exchange.response is not None
        headers = (*exchange.response.headers, ("content-encoding", "br"))
        return replace(exchange, response=replace(exchange.response, headers=headers, body=b"\x0b\x02\x80{}\x03"))

    with replay(Provider(mutate=brotli)) as base:
        monkeypatch.setenv("BASE", base)
        recorded = gate("record", "-s", "chat")
    assert recorded.exit_code == 3
    assert "compressed with br, which the gate can't read" in recorded.output
