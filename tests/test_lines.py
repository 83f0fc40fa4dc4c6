"""Bodies as lines: every member on one, events with their times, whatever came, in little room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.explain.arrivals import rows
from gate.explain.lines import LONGEST, request_lines, response_lines
from gate.model import Line
from gate.observe.exchange import observe
from gate.reports.page.exchange import parts
from gate.wire import form
from tests.rules_table import HELLO, completion, plain, stream
from tests.test_html import exhibit

ROOM = 10_000


def texts(body: str | bytes, room: int = ROOM) -> list[str]:
    return [line.text for line in request_lines(body.encode() if isinstance(body, str) else body, room)]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ('{"a": {"b": 1}, "c": []}', ["{", '  "a": {', '    "b": 1', "  },", '  "c": []', "}"]),
        ('[{"a": null}, 2]', ["[", "  {", '    "a": null', "  },", "  2", "]"]),
        ('{"stop": ["x", "y"], "v": [0.5, 1e3]}', ["{", '  "stop": ["x", "y"],', '  "v": [0.5, 1e3]', "}"]),
        ('{"m": [[1], []], "o": {}}', ["{", '  "m": [', "    [1],", "    []", "  ],", '  "o": {}', "}"]),
        # a parsed value would lose one of the two, and spell the number in its own way
        ('{"usage": {}, "usage": 1.20e1}', ["{", '  "usage": {},', '  "usage": 1.20e1', "}"]),
        ('{"n": NaN, "t": true}', ["{", '  "n": NaN,', '  "t": true', "}"]),
        ('"word"', ['"word"']),
        ("model=m\r\nn=2", ["model=m", "n=2"]),
        ('{"cut": ', ['{"cut": ']),
        (b"caf\xe9", ["caf\ufffd"]),
        ("", []),
    ],
)
def test_a_member_has_a_line_as_it_came(body: str | bytes, lines: list[str]) -> None:
    assert texts(body) == lines


def test_a_form_has_a_line_for_each_field() -> None:
    body = form.written([("model", "", b"m"), ("file", "a.wav", b"RI\xff")])
    lines = request_lines(body, ROOM, (("content-type", form.CONTENT_TYPE),))
    assert [line.text for line in lines][1:-1] == [
        '  "model": "m",',
        f'  "file": "{form.told(b"RI" + bytes([255]))}"',
    ]


def test_keys_are_paths() -> None:
    keys = [line.key for line in request_lines(b'{"a": [{"b": 1}]}', ROOM)]
    assert keys == ["", ".a", ".a[0]", ".a[0].b", ".a[0]}", ".a]", "}"]


def test_events_have_their_kinds_and_times() -> None:
    answer = stream(b": keep-alive\n\n", *HELLO, at=(1.0, 2.0, 3.0, 4.0, 5.0, 6.0))
    found = response_lines(observe(answer), b"", ROOM)
    assert [(line.key, line.at_ms) for line in found] == [
        ("comment", 1.0), ("role", 2.0), ("text", 3.0), ("text", 4.0), ("finish", 5.0), ("done", 6.0),
    ]  # fmt: skip
    assert (found[0].text, found[-1].text) == (": keep-alive", "[DONE]")


def test_an_answer_that_is_no_stream_is_read_as_a_body() -> None:
    answer = plain(completion())
    assert answer.response
    assert response_lines(observe(answer), answer.response.body, ROOM)[0].text == "{"


def test_what_does_not_fit_is_counted() -> None:
    lines = texts("\n".join(f"line {n:03}" for n in range(200)), 400)
    assert lines[0] == "line 000"
    assert lines[-1] == "line 199"
    (said,) = [line for line in lines if "left out" in line]
    assert said == f"… {200 - len(lines) + 1} lines left out …"
    assert texts("x" * 5000)[0].startswith("x" * 100)
    assert len(texts("x" * 5000)[0]) < LONGEST + 40
    assert texts("x" * 500, 10) == ["… 1 line left out …"]
    assert texts("{}", 0) == []


def test_events_beyond_the_room_keep_their_times() -> None:
    answer = stream(*[HELLO[1]] * 50, at=tuple(map(float, range(51))))
    found = response_lines(observe(answer), b"", 1500)
    assert [line.at_ms for line in found] == [float(n) for n in range(51)]
    assert (bool(found[0].text), bool(found[25].text), bool(found[-1].text)) == (True, False, True)
    assert response_lines(observe(answer), b"", 0) == ()


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"a":' * 200_000, b"\xff" * 10, b"1" * 5000, b'{"a": "\\ud800"}'])
def test_no_body_is_too_odd(body: bytes) -> None:
    assert request_lines(body, ROOM)


@given(st.binary(max_size=200))
def test_any_bytes_have_lines(body: bytes) -> None:
    assert sum(len(line.text) for line in request_lines(body, 100)) <= 100 + 40


@pytest.mark.untraced
def test_a_table_is_bounded_whatever_takes_turns() -> None:
    turns = [Line(("text", "tool")[n % 2], "") for n in range(5000)]
    found = rows(turns, turns)
    assert len(found) == 301
    assert sum(row.left_out or 1 for row in found) == 5000


# -- both sides ---------------------------------------------------------------------------------


def marked(golden: str, candidate: str) -> dict[str, str]:
    """Key → how the sides differ, of two JSON answers."""
    sides = (
        (side, request_lines(body.encode(), ROOM)) for side, body in (("golden", golden), ("candidate", candidate))
    )
    (part,) = parts([exhibit(side, form="json", response=lines) for side, lines in sides])
    return {one.row.key: one.word for one in part.rows}


@pytest.mark.parametrize(
    ("golden", "candidate", "words"),
    [
        ('{"a": 1}', '{"a": 2}', {".a": ""}),
        ('{"a": 1}', '{"a": 1}', {".a": "same"}),
        ('{"a": 1}', '{"a": "1"}', {".a": "type"}),
        ('{"a": "x: y"}', '{"a": null}', {".a": "type"}),
        ('{"a": true}', '{"a": false}', {".a": ""}),
        ('{"a": -1.5}', '{"a": 3}', {".a": ""}),
        ('{"a": 1, "b": 2}', '{"a": 1}', {".b": "only"}),
        ('{"a": "{}"}', '{"a": {"b": 1}}', {".a": "type", ".a.b": "only"}),
    ],
)
def test_types_and_members_are_marked_values_are_not(golden: str, candidate: str, words: dict[str, str]) -> None:
    found = marked(golden, candidate)
    assert {key: found[key] for key in words} == words


def test_one_more_token_is_no_difference_and_a_kind_of_event_is() -> None:
    text, usage = Line("text", "a", 1.0), Line("usage", "u", 9.0)
    both = parts([exhibit(response=(text, text, usage)), exhibit("candidate", response=(text,))])
    assert [(one.row.key, one.word) for one in both[0].rows] == [("text", "same"), ("text", ""), ("usage", "only")]
    assert (both[0].title, both[0].timed, both[0].same) == ("events", True, False)


def test_parts_that_nobody_has_are_left_out() -> None:
    ask, head = (Line("", "{}"),), (("via", "1.1 x"),)
    found = parts([exhibit(request=ask, headers=head), exhibit("candidate", request=ask)])
    assert [(part.title, part.same) for part in found] == [
        ("events", True), ("headers of the answer", False), ("request", True),
    ]  # fmt: skip
    assert parts([]) == ()
    assert [one.word for one in parts([exhibit("candidate")])[0].rows] == [""]


def test_a_long_name_over_many_members_is_bounded() -> None:
    name, members = "k" * 100_000, ",".join(f'"{number}": 1' for number in range(10_000))
    keys = [line.key for line in request_lines(f'{{"{name}": {{{members}}}}}'.encode(), ROOM)]
    assert len(keys) > 1
    assert max(map(len, keys)) < 500
    many = f"[{','.join(['[1]'] * 30_000)}]".encode()
    assert len(request_lines(many, ROOM)) == 1  # as a text
