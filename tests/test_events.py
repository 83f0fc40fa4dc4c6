"""Frames as events: what is known of a chunk by its text is what reading it would say."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path

import pytest

from gate import endpoints
from gate.endpoints import GENERAL, endpoint
from gate.model import Endpoint, Json, Kinds
from gate.observe.events import MAX_SIGNATURES, Likes, read_events
from gate.store import cassette
from gate.wire.parsed import parsed
from gate.wire.shape import signature
from gate.wire.sse import looks_like_sse, tokenize
from tests.catalogue import _many, cases

CHAT = endpoint("chat.completions")
TEXT = '{"id": "a", "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": null}]}'


def streamed(*data: str, event: str = "") -> bytes:
    name = f"event: {event}\n" if event else ""
    return "".join(f"{name}data: {text}\n\n" for text in data).encode()


def said(raw: bytes, of: Endpoint = CHAT) -> tuple[list[Json], list[Kinds], Mapping[Hashable, Likes]]:
    frames, _ = tokenize(raw)
    events, alike = read_events(frames, [None] * len(frames), of)
    return [event.doc for event in events], [event.kinds for event in events], alike


def one_by_one(raw: bytes, of: Endpoint = CHAT) -> tuple[list[Json], list[Kinds], Mapping[Hashable, Likes]]:
    """The same, each frame as if it were the only one."""
    frames, _ = tokenize(raw)
    docs, kinds, alike = list[Json](), list[Kinds](), dict[Hashable, Likes]()
    for frame in frames:
        (event,), _ = read_events([frame], [None], of)
        docs.append(event.doc)
        kinds.append(event.kinds)
        if isinstance(event.doc, dict):
            likes = alike.setdefault(signature(event.doc), Likes(frame.number, event.doc))
            likes.times += 1
    return docs, kinds, alike


@pytest.mark.parametrize(
    "second",
    [
        TEXT.replace("Hi", "there"),
        TEXT.replace('"Hi"', '""'),
        TEXT.replace("Hi", r"\n"),
        TEXT.replace("Hi", r"\q"),
        TEXT.replace("Hi", "a\x00b"),
        TEXT.replace("Hi", 'b", "content": "c'),
        TEXT.replace("Hi", 'b"'),
        TEXT.replace('"Hi"', "null"),
        TEXT.replace('"Hi"', "5"),
        TEXT.replace("null", '"stop"'),
        TEXT.replace('"delta": {"content"', '"delta": {"role"'),
        TEXT.replace('"delta": {"content": "Hi"}', '"delta": {}, "text": "Hi"'),
        TEXT.replace('"id": "a"', '"id": "", "error": {"text": "Hi"}'),
        TEXT.replace('"id": "a"', '"id": "a\\"content\\": \\"b"'),
        f"\ufeff{TEXT}",
        f" \t{TEXT} ",
        f"{TEXT} {TEXT}",
        TEXT[:-1],
        "[DONE]",
        "null",
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_chunk_beside_one_that_is_much_like_it(second: str, turned: bool) -> None:
    pair = [second, TEXT] if turned else [TEXT, second]
    raw = streamed(*pair, *pair)
    assert said(raw) == one_by_one(raw)


def test_the_name_of_an_event_is_a_part_of_what_it_does() -> None:
    raw = streamed(TEXT) + streamed(TEXT, event="error") + streamed(TEXT)
    assert said(raw) == one_by_one(raw)
    assert said(raw)[1][1][0] == ("error", None)


@pytest.mark.parametrize("number", ["0", "1", "17", "1.5", "1e3", "01", "9" * 16, "9" * 17, "-1", '"1"'])
def test_a_running_number(number: str) -> None:
    text = '{"type": "response.output_text.delta", "output_index": 0, "delta": "a", "sequence_number": 7}'
    raw = streamed(text, text.replace("7", number))
    assert said(raw, endpoint("responses")) == one_by_one(raw, endpoint("responses"))


def test_every_stream_that_is_at_hand() -> None:
    known = list(streams())
    assert len(known) > 500
    for of, raw in known:
        assert said(raw, of) == one_by_one(raw, of)


def streams() -> Iterator[tuple[Endpoint, bytes]]:
    stored = [exchange for path in cassette.scan(Path("golden")).values() for exchange in cassette.load(path).exchanges]
    told = [exchange for case in cases() for side in (case.golden, case.candidate) for exchange in _many(side)]
    for exchange in (*stored, *told):
        if exchange.response and looks_like_sse(exchange.response.body):
            yield endpoints.for_url(exchange.request.url, exchange.request.method), exchange.response.body


def test_more_shapes_than_are_kept() -> None:
    docs = [json.dumps({"choices": [], f"key{n}": {"text": "a"}}) for n in range(2 * MAX_SIGNATURES)]
    raw = streamed(*docs, *docs)
    assert said(raw) == one_by_one(raw)


def test_an_endpoint_without_a_grammar() -> None:
    raw = streamed(TEXT, TEXT, "[DONE]") + streamed(TEXT, event="error")
    assert said(raw, GENERAL) == one_by_one(raw, GENERAL)
    assert said(raw, GENERAL)[1] == [(("data", None),), (("data", None),), (("done", None),), (("error", None),)]


def test_a_value_is_parsed_as_the_reader_of_one_frame_does() -> None:
    assert [said(streamed(text))[0][0] for text in (TEXT, "[]")] == [parsed(TEXT), []]
