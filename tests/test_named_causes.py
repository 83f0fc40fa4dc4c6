"""The message of a finding names the cause where the bytes show it; rules, paths and severities are in `tests/rules/`."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

import pytest

from gate.model import MISSING, Exchange, Hop, TextKind
from gate.observe.answer import at_limit, choices, word
from gate.observe.defects import defect
from gate.observe.exchange import observe
from gate.observe.texts import Written, written
from tests.rules_table import (
    ASK,
    ASK_TOOL,
    ASK_USAGE,
    HELLO,
    ROLE,
    USAGE,
    Row,
    call,
    called,
    calling,
    chunk,
    completion,
    judge,
    plain,
    refusal,
    stream,
)

SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
FORMAT = {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA, "strict": True}}
ASK_JSON: Mapping[str, Any] = {**ASK, "response_format": FORMAT}
SATURN = '{"name": "Saturn"}'
OPENED = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": ""}}
PIECES = ('{"ci', 'ty": "Pa', 'ris"}')
CALLING = calling(OPENED, *({"index": 0, "function": {"arguments": piece}} for piece in PIECES))
COUNTED = calling(OPENED, *({"index": n, "function": {"arguments": p}} for n, p in enumerate(PIECES, 1)))
SPLIT = calling(
    OPENED,
    {"index": 0, "function": {"arguments": '{"city": "Paris"}'}},
    {**OPENED, "index": 1, "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}},
)
COUNTS_UP = "its index counts up with each delta, so that one call becomes 4"
LONG = "The Nile and the Amazon are two of the longest rivers on Earth."
TEXTS = [chunk({"content": f"{piece} "}) for piece in LONG.split(" ")]
TALK = stream(ROLE, *TEXTS, chunk({}, "stop"))
TWO = {"index": 1, "delta": {"role": "assistant", "content": ""}, "logprobs": None, "finish_reason": None}
STREAM_USAGE = stream(*HELLO, chunk(choices=[], usage=USAGE), request=ASK_USAGE)


def answer(content: Any, request: Mapping[str, Any] = ASK, **message: Any) -> Exchange:
    return plain(completion({"content": content, **message}), request)


def arguments(text: str) -> Exchange:
    return called(call(text))


def among(event: Any) -> Exchange:
    """HELLO with one more event in the middle."""
    return stream(*HELLO[:2], event, *HELLO[2:])


def less(*keys: str) -> dict[str, Any]:
    return {key: value for key, value in HELLO[1].items() if key not in keys}


def image(value: str) -> Exchange:
    return plain(
        {"created": 1, "data": [{"b64_json": value}]}, {"model": "m", "prompt": "x"}, url="/v1/images/generations"
    )


WHOLE = answer("Hello.")
IMAGE = image("iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB")
TAIL = chunk(choices=[], usage=USAGE)
BUILT_IN = {**ASK, "tools": [{"type": "web_search"}]}
CALLED = {"content": None, "tool_calls": [call(SATURN, name="json_tool_call")]}
DETAILS = {**USAGE, "completion_tokens_details": {"reasoning_tokens": 0}}

ROWS: list[tuple[str, Exchange, Exchange, str, str]] = [
    ("an index that counts up", CALLING, COUNTED, "tool-id-missing", f"a tool call starts without an id; {COUNTS_UP}"),
    ("its name", CALLING, COUNTED, "tool-name-missing", f"the tool call has no function name; {COUNTS_UP}"),
    ("its arguments", CALLING, COUNTED, "tool-arguments-empty", f"a tool call has no arguments; {COUNTS_UP}"),
    ("a piece", CALLING, COUNTED, "tool-arguments-invalid", f"are not JSON: the text breaks off; {COUNTS_UP}"),
    ("its type", CALLING, COUNTED, "tool-type-missing", COUNTS_UP),
    ("one call under two indexes", CALLING, SPLIT, "tool-id-changed", "one tool call comes under several indexes"),
    ("two calls", called(call(), call(id="call_2")), called(call(), call('{"city": "Rome"}')), "tool-id-changed",
     "several tool calls of one answer have the same id"),
    ("an id that is a number", called(call()), called(call(id=0)), "tool-id-missing", "is an integer, not a text"),
    ("calls in an object", called(call()), answer(None, ASK_TOOL, tool_calls={"0": call()}), "tool-calls-in-object",
     "tool_calls is an object, not an array"),
    ("HTML", called(call()), arguments("{&quot;city&quot;: &quot;Paris&quot;}"), "tool-arguments-invalid", "HTML-escaped"),
    ("JSON by a tool", answer(SATURN, ASK_JSON), plain(completion(CALLED, "tool_calls"), ASK_JSON), "tool-call-unasked",
     "the JSON answer comes as a call of a tool"),
    ("a tool of the provider", answer("Hi.", BUILT_IN),
     plain(completion({"content": None, "tool_calls": [call(name="web_search")]}, "tool_calls"), BUILT_IN),
     "tool-call-unasked", "a tool that the provider runs comes as a call for the client"),
    ("an unasked call", WHOLE, plain(completion({"content": None, "tool_calls": [call()]}, "tool_calls")),
     "tool-call-unasked", "a tool is called although the request offers none"),
    ("the reasoning field", answer("Hello."), answer(None, reasoning_content="Hello."), "answer-empty",
     "the answer went to the reasoning field"),
    ("JSON in the reasoning field", answer(SATURN, ASK_JSON, reasoning="Hm."), answer("", ASK_JSON, reasoning=SATURN),
     "answer-empty", "the answer went to the reasoning field"),
    ("reasoning alone", answer("Hi.", reasoning="Hm."), answer("", reasoning="Hm."), "answer-empty", "only the reasoning"),
    ("a budget", answer("Hi."), plain(completion({"content": "", "reasoning": "Hm."}, "length")), "answer-empty",
     "reasoning has used up the token limit"),
    ("content that is an object", WHOLE, answer({"a": 1}), "answer-empty", "content is an object"),
    ("half in the reasoning field", answer(SATURN, ASK_JSON), answer('aturn"}', ASK_JSON, reasoning='{"name": "S'),
     "json-not-json", "the beginning of the JSON answer went to the reasoning field"),
    ("JSON twice", answer(SATURN, ASK_JSON), answer(SATURN * 2, ASK_JSON), "json-not-json", "the object is there twice"),
    ("prose", answer(SATURN, ASK_JSON), answer("It is Saturn.", ASK_JSON), "json-not-json", "free text, not JSON"),
    ("encoded twice", answer(SATURN, ASK_JSON), answer('"{\\"name\\": \\"Saturn\\"}"', ASK_JSON), "json-schema-violated",
     "encoded twice"),
    ("a keep-alive object", stream(*HELLO), among({"type": "keepalive"}), "field-missing", "a keep-alive object comes as data"),
    ("an empty object", stream(*HELLO), among({}), "field-missing", "an empty object {} comes as data"),
    ("another object", stream(*HELLO), among({"queue": 3}), "field-missing", "an event has none of the golden's fields"),
    ("an array as body", WHOLE, plain([1]), "field-missing", "the body is an array, not an object"),
    ("one chunk of four", stream(*HELLO), stream(HELLO[0], less("model"), *HELLO[2:]), "field-missing",
     "model is missing in 1 of 4 chunks; every golden sample has it"),
    ("no chunk", stream(*HELLO), stream(*({k: v for k, v in c.items() if k != "id"} for c in HELLO)), "field-missing",
     "id is missing in 4 of 4 chunks"),
    ("a plain body", WHOLE, plain({k: v for k, v in completion().items() if k != "id"}), "field-missing",
     "id is missing; every golden sample has it"),
    ("small fields", stream(*({**c, "provider": "x"} for c in HELLO)), stream(*HELLO), "field-missing",
     "lacks fields in 4 of 4 chunks that every golden sample has: provider"),
    ("an entry that is null", stream(*HELLO), stream(*HELLO[:2], chunk(choices=[None]), *HELLO[2:]), "field-null",
     "an entry of choices is null"),
    ("null as data", stream(*HELLO), among(None), "sse-not-json", "a data: line holds null, not an object"),
    ("an array as data", stream(*HELLO), among([]), "sse-not-json", "a data: line holds an array, not an object"),
    ("text as data", stream(*HELLO), among(b"data: boom\n\n"), "sse-not-json", "a data: line holds text, not JSON"),
    ("deltas twice", TALK, stream(ROLE, *(c for c in TEXTS for _ in "12"), chunk({}, "stop")), "deltas-repeated",
     "each delta is sent twice"),
    ("a copy at the end", TALK, stream(ROLE, *TEXTS, chunk({"content": f"{LONG} "}), chunk({}, "stop")),
     "deltas-repeated", "the last delta brings the whole text again"),
    ("two choices at one index", TALK,
     stream(ROLE, chunk(choices=[TWO]), *(c for c in TEXTS for _ in "12"), chunk({}, "stop"),
            chunk(choices=[{**TWO, "delta": {}, "finish_reason": "stop"}])),
     "deltas-repeated", "the deltas of several choices come under one index"),
    ("a finish on every chunk", TALK, stream(ROLE, *(chunk({"content": w}, "stop") for w in LONG.split())),
     "finish-reason-early", "content comes after a finish_reason: one choice gets 13 of them"),
    ("a tool after the finish", CALLING, stream(ROLE, chunk({"tool_calls": [OPENED]}, "tool_calls"),
     chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"city": "Paris"}'}}]}), request=ASK_TOOL),
     "finish-reason-early", "a tool call comes after the finish_reason of its choice"),
    ("milliseconds", WHOLE, plain(completion(created=1721172741000)), "created-not-seconds", "created is in milliseconds"),
    ("nanoseconds", WHOLE, plain(completion(created=1721172741000000000)), "created-not-seconds", "in nanoseconds"),
    ("the text null", WHOLE, plain(completion({"role": "null"})), "role-wrong", 'it is the text "null" in place of null'),
    ("a finish of None", WHOLE, plain(completion(finish="None")), "finish-reason-changed", 'is the text "None" in place of'),
    ("a type of None", refusal(401), refusal(401, "None"), "error-type-changed", 'is the text "None" in place of null'),
    ("another type", refusal(401), refusal(401, "Bad"), "error-type-changed", "differs from the golden's"),
    ("a vendor's usage", STREAM_USAGE, stream(*HELLO[:3], {**HELLO[3], "x_groq": {"usage": USAGE}}, request=ASK_USAGE),
     "usage-chunk-missing", "usage comes only below x_groq"),
    ("null counts", WHOLE, plain(completion(usage={**USAGE, "prompt_tokens": None})), "usage-incomplete", "has null for prompt"),
    ("empty details", plain(completion(usage=DETAILS)), plain(completion(usage={**USAGE, "completion_tokens_details": {}})),
     "usage-details-lost", "completion_tokens_details is empty"),
    ("JSON for sound", plain(b"ID3", headers={"content-type": "audio/mpeg"}, url="/v1/audio/speech"),
     plain({"a": 1}, url="/v1/audio/speech"), "content-type-changed", "JSON comes in place of audio/mpeg"),
    ("half a pair", WHOLE, answer("a\ud83d b"), "text-surrogates", "half of a surrogate pair"),
    ("FastAPI's loc", WHOLE, plain({"detail": [{"loc": ["body", "messages", 0, "name"], "msg": "no"}]}, status=422),
     "request-rejected", "the parameter messages[0].name is rejected with status 422"),
    *((f"{status} turns a POST into a GET", WHOLE, plain(completion(), hops=(Hop(status, "/v1/chat/completions/"),)),
       "redirected", "clients repeat it as GET") for status in (301, 302, 303)),
    ("just milliseconds", WHOLE, plain(completion(created=99 * 10**12)), "created-not-seconds", "in milliseconds"),
    ("just microseconds", WHOLE, plain(completion(created=101 * 10**12)), "created-not-seconds", "in microseconds"),
    ("still microseconds", WHOLE, plain(completion(created=99 * 10**15)), "created-not-seconds", "in microseconds"),
    ("just nanoseconds", WHOLE, plain(completion(created=101 * 10**15)), "created-not-seconds", "in nanoseconds"),
    ("an address with TLS", IMAGE, image("https://cdn.test/a.png"), "base64-broken", "is an address"),
    ("an address without", IMAGE, image("http://127.0.0.1:8080/generated-images/a.png"), "base64-broken", "is an address"),
    ("half an object", WHOLE, plain(b'{"id": "chatcmpl-1", '), "body-not-json", "the body is broken JSON"),
    ("half a list", WHOLE, plain(b'[{"id": "chatcmpl-1"'), "body-not-json", "the body is broken JSON"),
    ("a list that is no JSON", answer("[1]", ASK_JSON), answer('["a": 1]', ASK_JSON), "json-not-json", "the JSON answer is"),
    ("a label on JSON", WHOLE, plain(completion(), headers={"content-type": "text/plain"}), "content-type-changed",
     "content-type is text/plain on a JSON body"),
    ("a label on a stream", stream(*HELLO), stream(*HELLO, headers={"content-type": "text/plain"}), "content-type-changed",
     "content-type is text/plain on an event stream"),
    ("a call before the finish that came first", CALLING, stream(ROLE, chunk({"tool_calls": [OPENED]}, "tool_calls"),
     chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"city": "Paris"}'}}]}, "tool_calls"), request=ASK_TOOL),
     "finish-reason-early", "a tool call comes after a finish_reason: one choice gets 2 of them"),
    ("an index that counts up once", CALLING, calling(OPENED, {"index": 1, "function": {"arguments": '{"city": "Paris"}'}}),
     "tool-id-missing", "so that one call becomes 2"),
    ("usage before the finish", stream(*HELLO, TAIL, request=ASK_USAGE), stream(*HELLO[:3], TAIL, HELLO[3], request=ASK_USAGE),
     "event-order", "finish_reason comes after usage"),
    ("usage first", stream(*HELLO, TAIL, request=ASK_USAGE), stream(TAIL, *HELLO, request=ASK_USAGE), "event-order",
     "the answer comes after usage"),
    ("a role after a call", CALLING, stream(chunk({"tool_calls": [{**OPENED, "function": call()["function"]}]}), ROLE,
     chunk({}, "tool_calls"), request=ASK_TOOL), "event-order", "role comes after a tool call"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "golden", "candidate", "rule", "words"), ROWS, ids=[row[0] for row in ROWS])
def test_the_message_names_the_cause(why: str, golden: Exchange, candidate: Exchange, rule: str, words: str) -> None:
    messages = [finding.message for finding in judge(Row(why, golden, candidate)) if finding.rule == rule]
    assert any(words in message for message in messages), messages


def test_a_keep_alive_object_has_a_hint_of_its_own() -> None:
    rows = (Row("", stream(*HELLO), among(event)) for event in ({"type": "ping"}, {"queue": 3}))
    hints = [next(f.hint for f in judge(row) if f.path == "events") for row in rows]
    assert "comment lines" in hints[0]
    assert "comment lines" not in hints[1]


def test_a_body_that_is_too_large_has_a_hint_of_its_own() -> None:
    """nginx 1.22 takes 1 MB; no parameter that could be mapped or dropped is to blame."""
    page = b"<html><head><title>413 Request Entity Too Large</title></head></html>"
    rows = (Row("", plain(completion()), plain(page, status=status)) for status in (413, 400))
    large, other = (next(f for f in judge(row) if f.rule == "request-rejected") for row in rows)
    assert "client_max_body_size" in large.hint
    assert "as large" in large.who_breaks
    assert "map or drop" in other.hint


ONE = '{"path": "note.html", "body": "<b>x</b>"}'
PARTS = ('{"path": ', '"note.htm', 'l", "body": ', '"<b>x</b>"}')
DEFECTS = [
    (ONE + ONE, "the object is there twice"),
    ("{}{}", "the object is there twice"),
    ("{}" + ONE, "an empty object {} stands before the object"),
    ("null" + ONE, "null stands before the object"),
    ('{"a": 1}{"a": 2}', "two objects follow each other"),
    (ONE + " That is all.", "text follows the object"),
    ("".join(part * 2 for part in PARTS), "each piece is there twice"),
    ("".join(itertools.accumulate(PARTS)), "each piece repeats the text so far"),
    # the first piece is longer than all that follows
    ('{"path": ' * 2 + "1}" * 2, "each piece is there twice"),
    (ONE[:20], "the text breaks off"),
    ('["note.html", ', "the text breaks off"),
    (ONE.replace('"', "&quot;"), "the text is HTML-escaped (&quot;)"),
    ('{"p": .txt"}', ""),
    ('{"a": &quot;', ""),
    ('x {"a": 1}', ""),
    ("3 4", ""),
    ("aabb", ""),
    ("abcabd", ""),
    ("", ""),
    ("[" * 3000, ""),
    ("x" * 5000, ""),
    ("x" * 500, ""),
]


@pytest.mark.parametrize(("text", "words"), DEFECTS)
def test_why_a_text_is_not_json(text: str, words: str) -> None:
    assert defect(text) == words


def test_null_written_as_text_is_said_so() -> None:
    assert [word(value) for value in ("None", "none", None, MISSING, 3)] == [
        'the text "None" in place of null',
        "a string",
        "null",
        "missing",
        "an integer",
    ]


@pytest.mark.parametrize(
    ("finish", "cut"), [("length", True), ("max_output_tokens", True), ("stop", False), (None, False), ([], False)]
)
def test_the_words_of_a_limit(finish: Any, cut: bool) -> None:
    assert at_limit(replace(choices(observe(WHOLE))[0], finish=finish)) == cut


@pytest.mark.parametrize("kind", get_args(TextKind))
def test_every_text_has_words_for_a_sentence(kind: TextKind) -> None:
    assert Written("", kind, "").what.startswith("the ")


@pytest.mark.parametrize(
    ("text", "strings"),
    [
        ("a", ("a",)),
        ('{"a": ["b"]}', ("a", "b")),
        ('["a", "b"]', ("a", "b")),
        ('"a"', ('"a"',)),
        ("[a", ("[a",)),
    ],
)
def test_what_a_reader_gets_of_a_text(text: str, strings: tuple[str, ...]) -> None:
    assert [one.strings for one in written(observe(answer(text)))] == [strings]
