"""key-twice: one key twice in an object."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import HELLO, Row, call, called, completion, plain, refusal, rewritten, stream

GOLDEN = plain(completion())
STREAM = stream(*HELLO)


def twice(exchange: Exchange, member: bytes) -> Exchange:
    return rewritten(exchange, member, member + b", " + member)


CASES = (
    Row(
        "S41: in the arguments of a call (tinyhumansai/openhuman 4204)",
        called(call()),
        called(call('{"city": "Paris", "city": "Rome"}')),
        ("risky choices[0].message.tool_calls[0]",),
    ),
    Row("S41: in the body", GOLDEN, twice(GOLDEN, b'"created": 1721172741'), ("risky created",)),
    Row("S41: in a message", GOLDEN, twice(GOLDEN, b'"role": "assistant"'), ("risky role",)),
    Row("S41: in a chunk", STREAM, twice(STREAM, b'"content": "Hel"'), ("risky content",)),
    Row("S41, benign twin: the same key in two objects", GOLDEN, plain(completion(extra=[{"a": 1}, {"a": 2}]))),
    Row("a quoted key inside of a text", GOLDEN, plain(completion({"content": '{"a": 1, "a": 2}'}))),
    Row("spaces before the colons", GOLDEN, rewritten(GOLDEN, b'": ', b'" : ')),
    Row("the golden has it", twice(GOLDEN, b'"role": "assistant"'), twice(GOLDEN, b'"role": "assistant"')),
    Row(
        "the golden's calls have it",
        called(call('{"city": "A", "city": "B"}')),
        called(call('{"city": "A", "city": "B"}')),
    ),
    Row(
        "S41: in the body of a failure",
        refusal(400),
        twice(refusal(400), b'"param": null'),
        ("risky param",),
    ),
    Row(
        "S41: spliced into a text that has blanks before its colons",
        rewritten(GOLDEN, b'": ', b'" : '),
        rewritten(rewritten(GOLDEN, b'": ', b'" : '), b'"created" :', b'"created":1, "created" :'),
        ("risky created",),
    ),
    Row(
        "S41: as many members without such a blank as with one",
        GOLDEN,
        rewritten(GOLDEN, b'"created": ', b'"created":1, "created" : '),
        ("risky created",),
    ),
)
