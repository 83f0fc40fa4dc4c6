"""tool-id-changed: ids that change, and ids that two calls share."""

from __future__ import annotations

from tests.rules_table import Row, call, called, calling

HEAD = {"index": 0, **call("")}
REST = {"index": 0, "function": {"arguments": '{"city": "Paris"}'}}


CASES = (
    Row(
        "TL07: later deltas have another id (poolsideai/pool 9)",
        calling(HEAD, REST),
        calling(HEAD, {**REST, "id": "call_other"}),
        ("risky choices[0].delta.tool_calls[0].id",),
    ),
    Row(
        "B01, the reverse: parallel calls share one id",
        called(call(), call('{"city": "Rome"}', id="call_2")),
        called(call(), call('{"city": "Rome"}')),
        ("breaking choices[0].message.tool_calls[1].id",),
    ),
    Row(
        "TL07, benign twin: the same id on every delta is TL36",
        calling(HEAD, REST),
        calling(HEAD, {**REST, "id": "call_1"}),
        also=("risky tool-id-repeated choices[0].delta.tool_calls[0].id",),
    ),
    Row(
        "the golden's recorder replaced all ids by one",
        called(call(), call('{"city": "Rome"}')),
        called(call(id="x"), call('{"city": "Rome"}', id="x")),
    ),
)
