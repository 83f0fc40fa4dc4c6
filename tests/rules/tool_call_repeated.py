"""tool-call-repeated: the same call under two ids."""

from __future__ import annotations

from tests.rules import _responses as r
from tests.rules_table import ASK_TOOL, Row, call, called, calling, completion, plain

ASK_CALL = {**r.ASK, "tools": [{"type": "function", "name": "get_weather", "parameters": {"type": "object"}}]}
TWICE = called(call(), call(id="call_2"))


def opened(index: int, arguments: str = '{"city": "Paris"}') -> dict[str, object]:
    return {"index": index, **call(arguments, id=f"call_{index}")}


CASES = (
    Row(
        "TL33: once in fragments and once whole (mudler/LocalAI 9722)",
        called(call()),
        TWICE,
        ("risky choices[0].message.tool_calls[1]",),
    ),
    Row(
        "TL33: in a stream, with other spacing",
        calling(opened(0)),
        calling(opened(0), opened(1, '{"city":"Paris"}')),
        ("risky choices[0].message.tool_calls[1]",),
    ),
    Row(
        "TL33: two items of a response",
        r.whole(r.response(r.function_call()), ASK_CALL),
        r.whole(r.response(r.function_call(), r.function_call(id="fc_2", call_id="call_2")), ASK_CALL),
        ("risky output[1]",),
    ),
    Row("TL33, benign twin: two cities", called(call()), called(call(), call('{"city": "Rome"}', id="call_2"))),
    Row("the golden calls twice", TWICE, TWICE),
    Row("once of three times: the model's slip", called(call()), [TWICE, called(call()), called(call())]),
    Row(
        "each time that it calls",
        called(call()),
        [TWICE, plain(completion(), ASK_TOOL), TWICE],
        ("risky choices[0].message.tool_calls[1]",),
        also=("breaking tool-choice-ignored choices[0].message.tool_calls",),
    ),
    Row(
        "one id for both is TL07",
        called(call()),
        called(call(), call()),
        also=("breaking tool-id-changed choices[0].message.tool_calls[1].id",),
    ),
    Row("arguments that are no JSON", called(call("{")), called(call("{"), call("[", id="call_2"))),
)
