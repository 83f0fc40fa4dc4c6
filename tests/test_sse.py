"""The event-stream tokenizer: whole, byte by byte, in random pieces, against the standard's own algorithm."""

from __future__ import annotations

import re
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model import Frame, Framing
from gate.wire.sse import MAX_BAD_UTF8, Tokenizer, looks_like_sse, tokenize

CHUNK = b'{"id":"c1","choices":[{"index":0,"delta":{"content":"Hi"}}]}'
TEXT = CHUNK.decode()


def in_pieces(body: bytes, cuts: list[int]) -> tuple[tuple[Frame, ...], Framing]:
    tokenizer, frames = Tokenizer(), list[Frame]()
    for start, end in pairwise([0, *sorted(cuts), len(body)]):
        frames += tokenizer.feed(body[start:end])
    frames += tokenizer.close()
    return tuple(frames), tokenizer.framing


def dispatched(body: bytes) -> list[tuple[str, str]]:
    """(event type, data) as the standard's algorithm dispatches them: slow, literal, independent of the tokenizer."""
    text = body.decode("utf-8", errors="replace").removeprefix("\ufeff")
    events, data, kind = list[tuple[str, str]](), "", ""
    for line in re.split(r"\r\n|\r|\n", text)[:-1]:
        if line == "":
            if data:
                events.append((kind, data.removesuffix("\n")))
            data = kind = ""
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            data += value + "\n"
        elif name == "event":
            kind = value
    return events


def told(frames: tuple[Frame, ...]) -> list[tuple[str, str]]:
    return [(f.event or "", f.data) for f in frames if f.data is not None and f.terminated]


def shown(frame: Frame) -> dict[str, object]:
    """What a frame says beyond its place, without what is at its default."""
    default = Frame(0, 0, 0, None, None)
    names = [n for n in Frame._fields if n not in ("number", "start", "end")]
    return {n: getattr(frame, n) for n in names if getattr(frame, n) != getattr(default, n)}


def one(data: str, **rest: object) -> dict[str, object]:
    return {"data": data, "data_lines": 1, **rest}


CASES: dict[str, tuple[bytes, list[dict[str, object]]]] = {
    "nothing": (b"", []),
    "chunk and sentinel": (b"data: " + CHUNK + b"\n\ndata: [DONE]\n\n", [one(TEXT), one("[DONE]")]),
    # the standard's examples
    "whatwg stocks": (
        b"data: YHOO\ndata: +2\ndata: 10\n\n",
        [{"data": "YHOO\n+2\n10", "data_lines": 3}],
    ),
    "whatwg four blocks": (
        b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event",
        [
            {"comments": ("test stream",)},
            one("first event", id="1"),
            one("second event", id="", spaced=False),
            one(" third event", terminated=False),
        ],
    ),
    "whatwg empty data": (
        b"data\n\ndata\ndata\n\ndata:",
        [
            one("", spaced=False),
            {"data": "\n", "data_lines": 2, "spaced": False},
            one("", spaced=False, terminated=False),
        ],
    ),
    "whatwg optional space": (b"data:test\n\ndata: test\n\n", [one("test", spaced=False), one("test")]),
    # catalogue of drifts
    "T01 no space": (b"data:" + CHUNK + b"\n\ndata:[DONE]\n\n", [one(TEXT, spaced=False), one("[DONE]", spaced=False)]),
    "T01 twin: two spaces": (b"data:  x\n\n", [one(" x")]),
    "T02 CRLF": (b"data: " + CHUNK + b"\r\n\r\ndata: [DONE]\r\n\r\n", [one(TEXT), one("[DONE]")]),
    "T02 CR": (b"data: " + CHUNK + b"\r\rdata: [DONE]\r\r", [one(TEXT), one("[DONE]")]),
    "T04 no blank line": (b"data: " + CHUNK + b"\n", [one(TEXT, terminated=False)]),
    "T04 not even a line end": (b"data: " + CHUNK, [one(TEXT, terminated=False)]),
    "T04 twin: one line end too many": (b"data: [DONE]\n\n\n", [one("[DONE]"), {}]),
    "T09 split payload": (
        b'data:\n data: {"id":"c1",\ndata: "choices":[]}\n\n',
        [{"data": '\n"choices":[]}', "data_lines": 2, "spaced": False, "unknown": (' data: {"id":"c1",',)}],
    ),
    "T09 wrapped payload": (
        b'data: {"id":"c1",\ndata: "choices":[]}\n\n',
        [{"data": '{"id":"c1",\n"choices":[]}', "data_lines": 2}],
    ),
    "T10 comments": (
        b": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\ndata: x\n\n",
        [{"comments": ("OPENROUTER PROCESSING",)}, {"comments": ("OPENROUTER PROCESSING",)}, one("x")],
    ),
    "T11 comment as data": (b"data: : keepalive\n\n", [one(": keepalive")]),
    "T12 no data": (
        b"event: keepalive\n\nretry: 3000\n\nid: 7\n\ndata: x\n\n",
        [{"event": "keepalive"}, {"retry": "3000"}, {"id": "7"}, one("x")],
    ),
    "T12 twin": (b"event: message\nid: 7\ndata: x\n\n", [one("x", event="message", id="7")]),
    "T13 ids and pings": (
        b"id: 4\ndata: x\n\n: ping\n\ndata: y\n\n",
        [one("x", id="4"), {"comments": ("ping",)}, one("y")],
    ),
    "T13 twin: ping without blank line": (b": ping\ndata: y\n\n", [one("y", comments=("ping",))]),
    "T14 doubled prefix": (b'data: data: {"id":"123"}\n\n', [one('data: {"id":"123"}')]),
    "T19 bare JSON": (
        b'{"code":429,"message":"exhausted"}\n',
        [{"unknown": ('{"code":429,"message":"exhausted"}',), "terminated": False}],
    ),
    "T23 NDJSON": (
        b'{"a":1}\n{"a":2,"done":true}\n',
        [{"unknown": ('{"a":1}', '{"a":2,"done":true}'), "terminated": False}],
    ),
    # what else the standard says
    "named event": (b"event: response.created\ndata: x\n\n", [one("x", event="response.created")]),
    "named event, CRLF": (b"event: a\r\ndata: x\r\n\r\n", [one("x", event="a")]),
    "event without space": (b"event:a\ndata: x\n\n", [one("x", event="a")]),
    "empty event name": (b"event: \ndata: x\n\n", [one("x", event="")]),
    "last event name counts": (b"event: a\nevent: b\ndata: x\n\n", [one("x", event="b")]),
    "id with NUL is ignored": (b"id: 1\nid: a\0b\ndata: x\n\n", [one("x", id="1")]),
    "retry that is no number": (b"retry: -5\n\n", [{"retry": "-5"}]),
    "field names have a case": (b"Data: x\n\n", [{"unknown": ("Data: x",)}]),
    "blank lines before": (b"\n\r\n\ndata: x\n\n", [one("x")]),
    "blank lines between": (b"data: x\n\n\n\ndata: y\n\n", [one("x"), one("y")]),
    "blank lines only": (b"\n\r\n\r", [{}]),
    "BOM": (b"\xef\xbb\xbfdata: x\n\n", [one("x")]),
    "BOM alone": (b"\xef\xbb\xbf", [{}]),
    "BOM and blank lines": (b"\xef\xbb\xbf\n\ndata: x\n\n", [one("x")]),
    "half a BOM": (b"\xef\xbb", [{"unknown": ("\ufffd",), "terminated": False}]),
    "BOM later is text": (b"data: x\n\n\xef\xbb\xbfdata: y\n\n", [one("x"), {"unknown": ("\ufeffdata: y",)}]),
    "comment without text": (b":\n\n", [{"comments": ("",)}]),
    "lone CR inside": (b"data: a\rb\n\n", [one("a", unknown=("b",))]),
    "CR in the event line": (b"event: a\rid: 1\ndata: x\n\n", [one("x", event="a", id="1")]),
    "line separators of Unicode are text": (b"data: a\xe2\x80\xa8b\x0bc\x85\n\n", [one("a\u2028b\x0bc\ufffd")]),
    "bad UTF-8 in an event name": (b"event: \xff\ndata: x\n\n", [one("x", event="\ufffd")]),
}


@pytest.mark.parametrize("name", CASES)
def test_frames(name: str) -> None:
    body, wanted = CASES[name]
    frames, framing = tokenize(body)
    assert [shown(f) for f in frames] == wanted
    assert [f.number for f in frames] == list(range(len(frames)))
    assert b"".join(body[f.start : f.end] for f in frames) == body
    assert in_pieces(body, list(range(len(body)))) == (frames, framing)
    assert told(frames) == dispatched(body)


@pytest.mark.parametrize(
    ("body", "line_ends", "bom"),
    [
        (b"data: x\n\n", {"\n"}, False),
        (b"data: x\r\n\r\n", {"\r\n"}, False),
        (b"data: x\r\r", {"\r"}, False),
        (b"data: x\r\n\n", {"\r\n", "\n"}, False),
        (b"data: x\n\r\n", {"\r\n", "\n"}, False),
        (b"event: a\r\ndata: x\n\n", {"\r\n", "\n"}, False),
        (b"event: a\ndata: x\r\n\r\n", {"\r\n", "\n"}, False),
        (b"event: \ndata: x\r\n\r\n", {"\r\n", "\n"}, False),
        (b"data: x\r\r\n", {"\r", "\r\n"}, False),
        (b"\xef\xbb\xbfdata: x\n\n", {"\n"}, True),
        (b"data: x", set(), False),
    ],
)
def test_framing(body: bytes, line_ends: set[str], bom: bool) -> None:
    assert tokenize(body)[1] == Framing(frozenset(line_ends), bom)


def test_every_frame_ends_with_the_byte_that_dispatches_it() -> None:
    body = b"data: x\n\n\ndata: y\r\n\r\n"
    assert [(f.start, f.end) for f in tokenize(body)[0]] == [(0, 9), (9, 21)]


def test_bad_utf8_keeps_offsets_and_text() -> None:
    frames, framing = tokenize(b"\xef\xbb\xbfdata: a\xffb\n\ndata: \xe4\xb8\n\n")
    assert [f.data for f in frames] == ["a\ufffdb", "\ufffd"]
    assert framing.bad_utf8 == (10, 20)


def test_bad_utf8_is_bounded() -> None:
    framing = tokenize(b"\xff\n\n" * 100 + b"\xff" * 1000)[1]
    assert framing.bad_utf8 == tuple(range(0, 3 * MAX_BAD_UTF8, 3))


def test_frames_come_as_soon_as_they_can() -> None:
    tokenizer = Tokenizer()
    assert tokenizer.feed(b"data: x\n") == []
    assert [f.data for f in tokenizer.feed(b"\ndata: y\r\r")] == ["x"]  # a LF may still follow that CR
    assert [f.data for f in tokenizer.feed(b"d")] == ["y"]
    assert [f.unknown for f in tokenizer.close()] == [("d",)]
    assert tokenizer.close() == []


@pytest.mark.untraced
@pytest.mark.parametrize(
    "body",
    [b"x" * 2**20, b"\r" * 2**20, b"\n" * 2**20, b"data: x\r\r" * 2**15, b"data: x\n" * 2**17, b"event: " * 2**17],
)
def test_hostile_bodies_take_linear_time(body: bytes) -> None:
    """A quadratic path would need minutes here, whether the body comes at once or in pieces."""
    assert in_pieces(body, list(range(0, len(body), 512))) == tokenize(body)


LINES = st.lists(
    st.sampled_from(
        [b"data", b"data:", b"data: ", b"event: a", b"event", b"id: 1", b"retry: 9", b":", b": ping", b"\xef\xbb\xbf",
         b" ", b"{}", b"\xff", "é中😀".encode(), b"x" * 4001, b"\n", b"\r", b"\r\n", b"\n\n", b"\r\n\r\n", b"\0"]
    )
).map(b"".join)  # fmt: skip
BODIES = LINES | st.binary(max_size=200)


@given(BODIES, st.data())
def test_any_pieces_any_bytes(body: bytes, data: st.DataObject) -> None:
    frames, framing = tokenize(body)
    cuts = data.draw(st.lists(st.integers(0, len(body)), max_size=8))
    assert in_pieces(body, cuts) == (frames, framing)
    assert in_pieces(body, list(range(len(body)))) == (frames, framing)
    assert b"".join(body[f.start : f.end] for f in frames) == body
    assert [f.start for f in frames] == [0, *(f.end for f in frames)][:-1]
    assert told(frames) == dispatched(body)
    assert set(framing.line_ends) == set(re.findall(r"\r\n|\r|\n", body.decode("latin-1")))


@given(st.binary(max_size=60))
def test_offsets_of_bad_utf8_are_where_decoding_fails(body: bytes) -> None:
    bad, pos = list[int](), 0
    while True:
        try:
            body[pos:].decode()
            break
        except UnicodeDecodeError as error:
            bad.append(pos + error.start)
            pos += error.end
    assert tokenize(body)[1].bad_utf8 == tuple(bad[:MAX_BAD_UTF8])


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"data: {}\n\n", True),
        (b"data:{}", True),
        (b"\xef\xbb\xbf\r\n event: x\n", True),
        (b": ping\n\n", True),
        (b"id: 1\n", True),
        (b"retry: 1\n", True),
        (b'{"data": 1}', False),
        (b"<html>data:</html>", False),
        (b"database: x", False),
        (b"", False),
        (b" " * 2**20, False),
    ],
)
def test_looks_like_sse(body: bytes, wanted: bool) -> None:
    assert looks_like_sse(body) is wanted


# every way in which lines end, and what makes a line look like one of the usual frame
PARTS = (b"data: a", b"event: e", b"\r", b"\n", b":")


def differing(most: int) -> tuple[int, list[tuple[bytes, int]]]:
    """How many inputs of up to `most` parts were cut at every place, and those that then gave other frames."""
    inputs = {b"".join(parts) for size in range(most + 1) for parts in product(PARTS, repeat=size)}
    different = []
    for body in inputs:
        whole = tokenize(body)
        different += [(body, cut) for cut in range(1, len(body)) if in_pieces(body, [cut]) != whole]
        different += [(body, 0)] if in_pieces(body, list(range(1, len(body)))) != whole else []
    return len(inputs), sorted(different)


@pytest.mark.untraced
def test_small_inputs_are_the_same_cut_at_every_place() -> None:
    assert differing(4) == (781, [])
    assert tokenize(b"data: a\r\rdata: b\n\n") == in_pieces(b"data: a\r\rdata: b\n\n", [9])


@pytest.mark.slow
@pytest.mark.untraced
def test_many_inputs_are_the_same_cut_at_every_place() -> None:
    count, different = differing(6)
    assert count > 15_000
    assert different == []
