"""tool-arguments-not-text: an object where the API has a JSON text."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import ASK_TOOL, ROLE, Row, call, chunk, completion, plain, stream

PARIS = {"city": "Paris"}


def called(arguments: object) -> Exchange:
    return plain(completion({"content": None, "tool_calls": [call(arguments)]}, "tool_calls"), ASK_TOOL)


def streamed(arguments: object) -> Exchange:
    return stream(
        ROLE, chunk({"tool_calls": [{"index": 0, **call(arguments)}]}), chunk({}, "tool_calls"), request=ASK_TOOL
    )


ARGUMENTS = "choices[0].message.tool_calls[0].function.arguments"

CASES = (
    Row(
        "TL13: llama.cpp sends an object (ggml-org/llama.cpp 20198)",
        called('{"city": "Paris"}'),
        called(PARIS),
        (f"breaking {ARGUMENTS}",),
    ),
    Row(
        "TL13: the same in a stream",
        streamed('{"city": "Paris"}'),
        streamed(PARIS),
        (f"breaking {ARGUMENTS}",),
    ),
    Row("TL13, benign twin: whitespace inside the text", called('{"city": "Paris"}'), called('{ "city":"Paris" }')),
    Row("the golden's arguments are objects too", called(PARIS), called(PARIS)),
)
