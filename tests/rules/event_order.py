"""event-order: what comes before what."""

from __future__ import annotations

import json
from typing import Any

from tests.rules._responses import events, message, renumbered, response, told, without
from tests.rules_table import ASK_USAGE, HELLO, ROLE, USAGE, Row, chunk, stream

TAIL = chunk(choices=[], usage=USAGE)
LIFE = events()
LATE = (chunk({"content": "Hel"}), ROLE, *HELLO[2:])


def two(second: int) -> list[dict[str, Any]]:
    """Two messages, one after the other; `second` is the index that the second one has."""
    moved = json.loads(json.dumps(events("Bye.")[2:9]).replace('"output_index": 0', f'"output_index": {second}'))
    moved = json.loads(json.dumps(moved).replace("msg_1", "msg_2"))
    last = {**events()[9], "response": response(message(), message("Bye.", id="msg_2"))}
    return renumbered([*events()[:9], *moved, last])


CASES = (
    Row("issue 2: role after content", stream(*HELLO), stream(*LATE), ("breaking events.role",)),
    Row(
        "role after reasoning and after content",
        stream(ROLE, chunk({"reasoning_content": "Hm."}), *HELLO[1:]),
        stream(chunk({"reasoning_content": "Hm."}), *LATE),
        ("breaking events.role",),
    ),
    Row(
        "issue 3: usage before the finish",
        stream(*HELLO, TAIL, request=ASK_USAGE),
        stream(*HELLO[:3], TAIL, HELLO[3], request=ASK_USAGE),
        ("risky events.finished",),
    ),
    Row(
        "RS04's mechanism: text after its item was closed",
        told(events()),
        told(renumbered([*LIFE[:4], *LIFE[5:9], LIFE[4], LIFE[9]])),
        ("breaking events.output_text.delta",),
        also=("risky done-differs-from-deltas response.output_text.done.text",),
    ),
    Row("B37: no in_progress, another number of deltas", told(events()), told(without(["in_progress"], events("Hi")))),
    Row("the golden's role is late too", stream(*LATE), stream(*LATE)),
    Row(
        "B11: role and content in one chunk",
        stream(*HELLO),
        stream(chunk({"role": "assistant", "content": "Hi"}), HELLO[3]),
    ),
    Row(
        "B17: reasoning before the text", stream(*HELLO), stream(ROLE, chunk({"reasoning_content": "Hm."}), *HELLO[1:])
    ),
    Row("text before and after a tool call is the model's choice", stream(*HELLO), stream(*HELLO[:2], *HELLO[1:])),
    Row(
        "usage with every chunk, and at the end",
        stream(*HELLO, TAIL, request=ASK_USAGE),
        stream(ROLE, *(chunk({"content": "x"}, usage=USAGE) for _ in "ab"), HELLO[3], TAIL, request=ASK_USAGE),
        also=("risky usage-repeated usage",),
    ),
    Row(
        "all items share one output_index",
        told(two(1)),
        told(two(0)),
        ("breaking output_index",),
    ),
    Row(
        "of an endpoint that nobody knows no order is known",
        stream({"text": "a"}, {"text": "b"}, url="/v1/made-up"),
        stream({"text": "b"}, {"text": "a"}, url="/v1/made-up"),
    ),
)
