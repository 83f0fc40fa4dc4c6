"""Exhibits: every sample has figures, those that stand for their step have texts, and all of it is bounded."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from gate import endpoints
from gate.explain.exhibits import CALLS, COMMAND, LONGEST, MOMENTS, TEXTS, exhibits
from gate.explain.kinds import KINDS, kind_of
from gate.judge.report import judge
from gate.model import (
    MISSING,
    Budget,
    Chunk,
    Config,
    Ending,
    Event,
    Exchange,
    Exhibit,
    Frame,
    Mark,
    Policy,
    Report,
    Request,
    Response,
    Route,
)
from gate.model.exhibits import Forwarded
from gate.model.sides import Side
from gate.reports import formats
from gate.run.facts import facts, priced
from gate.store.report_file import parse
from tests.gallery import whole

CHAT = "https://api.example.com/v1/chat/completions?api-key=secret"
USAGE = {"prompt_tokens": 14, "completion_tokens": 7, "total_tokens": 21}


def plain(body: object, sample: int = 0, **more: object) -> Exchange:
    raw = json.dumps(body).encode()
    headers = (("Content-Type", "application/json"), ("Set-Cookie", "a=b"), ("X-Request-Id", "req_1"))
    found = Exchange(
        Request("POST", CHAT, (("Authorization", "Bearer key"),), b'{"model":"m"}'),
        Response(200, "OK", headers, raw),
        (Chunk(12.0, len(raw)),),
        total_ms=13.0,
        scenario="chat",
        sample=sample,
    )
    return replace(found, **more)  # type: ignore[arg-type]


def stream(frames: Sequence[str], times: Sequence[float], encode: bool = False) -> Exchange:
    parts = [frame.encode() for frame in frames]
    body = gzip.compress(b"".join(parts), mtime=0) if encode else b"".join(parts)
    chunks = tuple(Chunk(at, len(part)) for at, part in zip(times, parts, strict=True))
    if encode:
        chunks = (Chunk(times[0], 10), Chunk(times[-1], len(body) - 10))
    headers = (("content-type", "text/event-stream"), *((("content-encoding", "gzip"),) if encode else ()))
    return replace(plain({}), response=Response(200, "OK", headers, body), chunks=chunks, total_ms=times[-1])


def judged(golden: Sequence[Exchange], candidate: Sequence[Exchange]) -> Report:
    return judge(Side({"chat": golden}), Side({"chat": candidate}), Policy(), date(2026, 11, 22), exhibit=exhibits)


def shown(*exchanges: Exchange) -> tuple[Exhibit, ...]:
    return tuple(one for one in judged(exchanges, exchanges).exhibits if one.side == "candidate")


ANSWER = {"object": "chat.completion", "choices": [{"index": 0, "message": {"content": "4"}}], "usage": USAGE}


def test_every_sample_has_figures_and_one_has_texts() -> None:
    first, second = shown(plain(ANSWER), plain(ANSWER, sample=1))
    assert (first.status, first.form, first.size, first.reads, first.tokens) == (
        200,
        "json",
        len(json.dumps(ANSWER)),
        1,
        (14, 7),
    )
    assert first.target == "POST /v1/chat/completions"
    assert first.headers == (("content-type", "application/json"), ("x-request-id", "req_1"))
    assert [line.text for line in first.request] == ["{", '  "model": "m"', "}"]
    assert [(line.key, line.text) for line in first.response[:3]] == [
        ("", "{"), (".object", '  "object": "chat.completion",'), (".choices", '  "choices": ['),
    ]  # fmt: skip
    assert first.curl.startswith("curl -sS -N -g -X POST --url 'https://")
    assert (second.request, second.response, second.headers, second.curl) == ((), (), (), "")
    assert second.tokens == (14, 7)


def test_a_finding_over_the_whole_run_is_about_no_exchange() -> None:
    pooled = Policy(budgets=(Budget("total_p50", max_ms=1.0),))
    many = [plain(ANSWER, sample=n) for n in range(6)]
    report = judge(Side({"chat": many}), Side({"chat": many}), pooled, date(2026, 11, 22), exhibit=exhibits)
    assert [finding.scenario for finding in report.findings] == ["*"]
    assert [part for one in report.exhibits for part in one.excerpts] == []


def test_no_key_and_no_query_is_shown() -> None:
    assert "secret" not in repr(shown(plain(ANSWER)))
    assert "Bearer" not in repr(shown(plain(ANSWER))).replace("Bearer $API_KEY", "")


def test_attempts_are_counted_and_the_last_one_is_shown() -> None:
    busy = plain({"error": {"message": "slow down"}}, attempt=0)
    (one,) = shown(replace(busy, response=Response(429, "", (), b"{}")), plain(ANSWER, attempt=1))
    assert (one.attempts, one.status) == (2, 200)


def test_the_sample_with_the_finding_stands_for_its_step() -> None:
    other = {**ANSWER, "choices": []}
    report = judged([plain(ANSWER)], [plain(ANSWER), plain(other, sample=1)])
    texts = [one.response for one in report.exhibits if one.side == "candidate"]
    assert report.findings
    assert [bool(text) for text in texts].count(True) == 1
    about = {part.fingerprint for one in report.exhibits for part in one.excerpts}
    assert about <= {finding.fingerprint for finding in report.findings}


def test_what_did_not_answer_is_shown_as_such() -> None:
    refused = plain({}, response=None, chunks=(), ending=Ending.UNREACHABLE, detail="refused", outage=True)
    report = judged([plain(ANSWER)], [refused])
    (one,) = [one for one in report.exhibits if one.side == "candidate"]
    assert (one.status, one.form, one.ending, one.detail, one.response) == (0, "none", "unreachable", "refused", ())


def test_without_a_gate_key_steps_are_those_of_the_findings() -> None:
    ask = [Request("POST", CHAT, (), json.dumps({"messages": [n]}).encode()) for n in range(2)]
    one, two = (replace(plain(ANSWER), scenario="", request=request) for request in ask)
    broken = replace(two, response=Response(200, "", (), b'{"choices": []}'))
    report = judged([one, two], [one, broken])
    assert {finding.step for finding in report.findings} == {1}
    assert [(one.side, one.step) for one in report.exhibits] == [
        ("golden", 0), ("candidate", 0), ("golden", 1), ("candidate", 1),
    ]  # fmt: skip


# -- streams ------------------------------------------------------------------------------------


def test_marks_say_what_came_when() -> None:
    frames = ('data: {"choices":[{"index":0,"delta":{"role":"assistant"}}]}\n\n', ": wait\n\n", "data: [DONE]\n\n")
    (one,) = shown(stream(frames, (100.0, 200.0, 300.0)))
    assert one.marks == (Mark("role", 100.0), Mark("comment", 200.0), Mark("done", 300.0))


def test_the_other_hop_is_on_the_clock_of_the_client() -> None:
    busy = plain({"error": {}}, response=Response(429, "", (), b"{}"), detail="fault status-429", at_ms=1585.0)
    (one,) = shown(replace(plain(ANSWER), upstream=(replace(busy, at_ms=27.0), busy)))
    assert one.forwarded == tuple(
        Forwarded(at, at + 13, 429, Ending.COMPLETE, "status-429", (Mark("bytes", at + 12),)) for at in (27.0, 1585.0)
    )
    (direct,) = shown(plain(ANSWER))
    assert direct.forwarded is None


def test_a_gateway_that_asks_for_ever_fills_no_page() -> None:
    call = plain(ANSWER, at_ms=1.0)
    (one,) = shown(replace(plain(ANSWER), upstream=(call,) * 99))
    assert len(one.forwarded or ()) == CALLS


def test_what_came_in_the_same_moment_is_one_mark() -> None:
    text = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'
    (one,) = shown(stream([text] * 5, (10.0, 10.1, 10.2, 900.0, 2000.0)))
    assert [(mark.at_ms, mark.count) for mark in one.marks] == [(10.0, 3), (900.0, 1), (2000.0, 1)]


def test_a_compressed_stream_shows_reads() -> None:
    (one,) = shown(stream(["data: {}\n\n"] * 3, (10.0, 20.0, 30.0), encode=True))
    assert one.marks == (Mark("bytes", 10.0), Mark("bytes", 30.0))
    assert [(line.text, line.at_ms) for line in one.response] == [("{}", None)] * 3


def test_marks_without_times_keep_their_order_and_are_bounded() -> None:
    text, comment = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n', ": x\n\n"
    body = "".join((text, comment) * 5000).encode()
    (one,) = shown(replace(plain({}), response=Response(200, "", (), body), chunks=(), total_ms=None))
    assert len(one.marks) == 2 * MOMENTS
    assert sum(mark.count for mark in one.marks) == 10_000
    assert [mark.kind for mark in one.marks[:4]] == ["text", "comment"] * 2


def test_times_that_make_no_sense_are_no_error() -> None:
    frames = ["data: {}\n\n"] * 3
    for times in ((float("inf"),) * 3, (float("nan"),) * 3, (-5.0, 1e300, 2.0)):
        (one,) = shown(replace(stream(frames, times), total_ms=1.0))
        assert one.marks


@pytest.mark.parametrize(
    ("endpoint", "words", "kind"),
    [
        ("chat.completions", ("role", "content"), "text"),
        ("chat.completions", ("content", "tool"), "tool"),
        ("chat.completions", ("finish", "usage"), "finish"),
        ("chat.completions", ("reasoning",), "reasoning"),
        ("chat.completions", ("empty",), "other"),
        ("chat.completions", (), "other"),
        ("responses", ("output_text.delta",), "text"),
        ("responses", ("function_call_arguments.delta",), "tool"),
        ("responses", ("completed",), "finish"),
        ("responses", ("failed",), "error"),
        ("responses", ("output_item.added",), "role"),
        ("responses", ("reasoning_text.delta",), "reasoning"),
        ("unknown", ("data",), "other"),
    ],
)
def test_kinds_of_events(endpoint: str, words: tuple[str, ...], kind: str) -> None:
    event = Event(Frame(0, 0, 1, None, None), MISSING, tuple((word, 0) for word in words))
    assert kind_of(event, endpoints.endpoint(endpoint)) == kind
    assert kind in KINDS


# -- bounds -------------------------------------------------------------------------------------


def test_a_long_body_keeps_its_beginning_and_its_end() -> None:
    (one,) = shown(plain({**ANSWER, "x": "x" * 50_000}))
    assert sum(len(line.text) for line in one.response) < LONGEST
    assert (one.response[1].key, one.response[-1].text) == (".object", "}")
    assert one.response[-2].text.startswith('  "x": "xxx')
    assert "characters" in one.response[-2].text


def test_texts_of_many_scenarios_share_the_room() -> None:
    big = plain({**ANSWER, "x": "x" * 50_000})
    many = {f"s{n}": (replace(big, scenario=f"s{n}"),) for n in range(200)}
    report = judge(Side(many), Side(many), Policy(), date(2026, 11, 22), exhibit=exhibits)
    assert sum(len(line.text) for one in report.exhibits for line in (*one.request, *one.response)) < 1.1 * TEXTS


def test_a_request_that_nobody_would_paste_has_no_command() -> None:
    long = replace(plain(ANSWER), request=Request("POST", "https://x.test/v1/chat/completions", (), b"x" * COMMAND))
    (one,) = shown(long)
    assert one.curl == ""
    report = judged([plain(ANSWER)], [plain(ANSWER)])
    assert [bool(one.curl) for one in report.exhibits] == [False, True]


def test_the_command_names_the_variables_of_the_route() -> None:
    keyed = replace(plain(ANSWER), request=replace(plain(ANSWER).request, headers=(("authorization", "Bearer x"),)))
    candidate = Side({"chat": [keyed]}, {"variables": {"authorization": "GATEWAY_KEY", "x": 1}})
    report = judge(Side({"chat": [keyed]}), candidate, Policy(), date(2026, 11, 22), exhibit=exhibits)
    assert '-H "authorization: Bearer $GATEWAY_KEY"' in report.exhibits[1].curl


def test_the_json_report_does_not_carry_them() -> None:
    report = whole()
    text = formats()["json"](report)
    assert "exhibits" not in text
    assert parse(text).exhibits == ()
    assert len(text) < 200_000


def test_prices_of_a_route_are_facts_of_its_recordings() -> None:
    route = Route("a", "https://a.example.com", prices={"m": {"input": 0.15, "output": 0.6}})
    assert facts(route, (), "2026-11-22", {}, "run")["prices"] == {"m": {"input": 0.15, "output": 0.6}}
    assert "prices" not in facts(replace(route, prices={}), (), "2026-11-22", {}, "run")


def test_the_golden_is_priced_by_the_configuration_of_today() -> None:
    route = Route("baseline", "https://a.example.com", prices={"m": {"input": 2.0}})
    golden = Side({}, {"route": "baseline", "prices": {"m": {"input": 0.15}}})
    today = priced(golden, Config(".", routes={"baseline": route}))
    assert today.facts == {"route": "baseline", "prices": {"m": {"input": 2.0}}}
    for config in (None, Config("."), Config(".", routes={"baseline": replace(route, prices={})})):
        assert priced(golden, config) == golden
