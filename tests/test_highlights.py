"""The bytes around a finding: found in plain bodies and streams, told where they are missing, total on anything."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.explain.excerpts import AROUND, ENDS, MARKED, excerpt
from gate.model import Chunk, Excerpt, Exchange, Location, Request, Response
from gate.observe.exchange import observe
from tests.gallery import whole
from tests.report_samples import finding

POST = Request("POST", "https://api.example.com/v1/chat/completions", (), b'{"stream":true}')
PLAIN = (
    b'{"id": "x", "choices": [{"index": 0, "message": {"content": "4"}, "finish_reason": "stop"}], "usage": {"a": 1}}'
)
STREAM = (
    b'data: {"choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}],"usage":null}\n\n'
    b': keep-alive\n\n'
    b'data: {"choices":[{"index":0,"delta":{"content":"4"},"finish_reason":null}],"usage":null}\n\n'
    b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}\n\n'
    b"data: [DONE]\n\n"
)  # fmt: skip


def marked(path: str, body: bytes = PLAIN, *, placed: bool = True, frame: int | None = None) -> Excerpt | None:
    exchange = Exchange(POST, Response(200, "", (("content-type", "x"),), body), (Chunk(1.0, len(body)),))
    return excerpt(replace(finding(path=path), location=Location(frame=frame)), observe(exchange), body, placed=placed)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("choices[0].finish_reason", '"finish_reason": "stop"'),
        ("choices[].message.content", '"content": "4"'),
        ("choices[0]", '{"index": 0, "message": {"content": "4"}, "finish_reason": "stop"}'),
        ("usage.<thing>a", '"a": 1'),
        ("id", '"id": "x"'),
    ],
)
def test_in_a_plain_body(path: str, text: str) -> None:
    found = marked(path)
    assert found
    assert found.marked == text
    assert found.place == f"byte {PLAIN.index(text.encode())}"
    assert found.before.lstrip("…") + found.marked in PLAIN.decode()


def test_what_is_missing_is_shown_where_it_would_be() -> None:
    assert marked("choices[0].message.tool_calls") == Excerpt(
        finding(path="choices[0].message.tool_calls").fingerprint, "where it would be", '"message": {"content": "4"}'
    )


@pytest.mark.parametrize(
    "path", ["request.max_tokens", "timing.first_token", "headers.x", "choices[0].a.b", "choices[7].x.y", "a.b.c"]
)
def test_what_is_not_about_bytes_shows_none(path: str) -> None:
    assert marked(path) is None


def test_a_stream_shows_the_chunk_that_says_something() -> None:
    found = marked("choices[0].finish_reason", STREAM)
    assert found
    at = STREAM.rindex(b"data:", 0, STREAM.index(b'"finish_reason":"s'))
    assert (found.marked, found.place) == ('"finish_reason":"stop"', f"frame 3, byte {at}")


def test_a_stream_of_nulls_shows_the_first() -> None:
    found = marked("usage", STREAM)
    assert found
    assert found.marked == '"usage":null'
    assert found.place.startswith("frame 0, ")


def test_a_message_is_a_delta_in_a_stream() -> None:
    found = marked("choices[0].message.content", STREAM)
    assert found
    assert found.marked == '"content":"4"'


def test_the_frame_that_a_finding_names() -> None:
    comment = marked("body", STREAM, frame=1)
    assert comment
    assert (comment.marked, comment.place) == (": keep-alive", f"frame 1, byte {STREAM.index(b': keep')}")
    named = marked("choices[0].finish_reason", STREAM, frame=2)
    assert named
    assert named.marked == '"finish_reason":null'


def test_a_value_over_several_data_lines_is_shown_as_its_frame() -> None:
    body = b'data: {}\n\n\n\ndata: {"usage":\ndata: {"a":1}}\n\n'
    named = marked("usage", body, frame=1)
    assert named
    assert named.marked == 'data: {"usage":\ndata: {"a":1}}'
    assert named.place == "frame 1, byte 10"
    unnamed = marked("usage", body)
    assert unnamed
    assert unnamed.place == "how the stream ends"


def test_a_frame_of_the_candidate_says_nothing_about_the_golden() -> None:
    golden = marked("choices[0].finish_reason", STREAM, placed=False, frame=2)
    assert golden
    assert golden.place.startswith("frame 3, ")


def test_what_a_stream_lacks_would_have_come_before_its_end() -> None:
    found = marked("system_fingerprint", STREAM)
    assert found
    assert (found.marked, found.place) == ("", "how the stream ends")
    assert found.before.startswith("…")
    assert found.before.endswith("data: [DONE]")


def test_text_that_is_no_json_shows_its_byte_or_its_beginning() -> None:
    body = "<html>Bad gateway ü".encode()
    exchange = Exchange(POST, Response(502, "", (), body))
    here = replace(finding(path="body"), location=Location(byte=6))
    at = excerpt(here, observe(exchange), body, placed=True)
    beginning = excerpt(here, observe(exchange), body, placed=False)
    assert at
    assert beginning
    assert (at.before, at.marked, at.place) == ("<html>", "B", "byte 6")
    assert (beginning.before, beginning.place) == ("<html>Bad gateway ü", "how the body begins")


def test_a_byte_that_is_no_utf8_is_the_place_that_the_finding_names() -> None:
    body = b'data: {"a":"caf\xe9 au lait"}\n\n' + b": " + b"x" * 200 + b"\n\n"
    here = replace(finding("utf8-damaged", path="body"), location=Location(byte=body.index(b"\xe9")))
    exchange = Exchange(POST, Response(200, "", (("content-type", "text/event-stream"),), body))
    found = excerpt(here, observe(exchange), body, placed=True)
    assert found
    assert (found.place, found.marked) == (f"byte {body.index(bytes([0xE9]))}", "\\xe9")
    assert found.before.endswith('"caf')
    assert found.after.startswith(" au lait")
    assert found.after.endswith("…")


def test_one_place_has_one_offset_in_a_report() -> None:
    report = whole()
    of_finding = {one.fingerprint: one.location for one in report.findings if one.location.byte is not None}
    frames: dict[tuple[str, int, str, int, str], set[str]] = {}
    for shown in report.exhibits:
        for part in shown.excerpts:
            words = part.place.replace(",", "").split()
            if words[0] == "frame":
                frames.setdefault((shown.scenario, shown.step, shown.side, shown.sample, words[1]), set()).add(words[3])
            if shown.side == "candidate" and part.fingerprint in of_finding:
                assert str(of_finding[part.fingerprint].byte) in words
    assert frames
    assert {place: bytes_ for place, bytes_ in frames.items() if len(bytes_) > 1} == {}


def test_everything_is_bounded() -> None:
    body = json.dumps({"a": "x" * 10**6, "b": "y" * 10**6, "c": "z" * 10**6}).encode()
    found = marked("b", body)
    assert found
    assert len(found.marked) == MARKED
    assert max(len(found.before), len(found.after)) <= AROUND + 1
    many = b"".join(b'data: {"n":%d}\n\n' % n for n in range(3 * ENDS)) + b'data: {"last":1}\n\n'
    last = marked("last", many)
    assert last
    assert last.marked == '"last":1'


@given(
    st.binary(max_size=200) | st.text(max_size=80).map(lambda text: f'{{"a": [{text}]}}'.encode()), st.text(max_size=12)
)
def test_total_on_anything(body: bytes, path: str) -> None:
    for frame in (None, 0, 3):
        marked(path, body, frame=frame)
        marked("a[0].b", body, frame=frame)
        marked("a[0]", b"data: " + body + b"\n\n", frame=frame)
