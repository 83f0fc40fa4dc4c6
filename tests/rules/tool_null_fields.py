"""tool-null-fields: nulls on continuation deltas."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _bodies as b
from tests.rules_table import ASK_TOOL, ROLE, Row, call, chunk, stream

HEAD = {"index": 0, **call("")}


def calls(**rest: Any) -> Exchange:
    function = {"arguments": '{"city": "Paris"}', **rest.pop("function", {})}
    deltas = (HEAD, {"index": 0, "function": function, **rest})
    return stream(ROLE, *(chunk({"tool_calls": [d]}) for d in deltas), chunk({}, "tool_calls"), request=ASK_TOOL)


NULLS: dict[str, dict[str, Any]] = {"type": {"type": None}, "function.name": {"function": {"name": None}}}

REST = {"index": 0, "function": {"arguments": '{"city": "Paris"}'}}

CASES = (
    Row(
        "TL06: SGLang serialises every field (sgl-project/sglang 35542)",
        calls(),
        calls(id=None, type=None, function={"name": None}),
        ("breaking choices[0].delta.tool_calls[0].id",),
    ),
    Row("an id and a name that are null", calls(), calls(id=None), ("info choices[0].delta.tool_calls[0].id",)),
    Row(
        "openai-python's helper takes a null type for the call's (docs/clients.md)",
        calls(id=None),
        calls(id=None, type=None),
        ("breaking choices[0].delta.tool_calls[0].type",),
    ),
    Row("TL06, benign twin: absent keys", calls(id=None), calls()),
    Row("the golden has nulls as well", calls(id=None, type=None), calls(id=None, type=None)),
    *(
        Row(
            f"{key} alone",
            calls(),
            calls(**null),
            (f"{'breaking' if key == 'type' else 'info'} choices[0].delta.tool_calls[0].{key}",),
        )
        for key, null in NULLS.items()
    ),
    Row(
        "arguments that are null in the first delta",
        calls(),
        stream(
            ROLE,
            *(
                chunk({"tool_calls": [d]})
                for d in ({**HEAD, "function": {"name": "get_weather", "arguments": None}}, REST)
            ),
            chunk({}, "tool_calls"),
            request=ASK_TOOL,
        ),
        ("info choices[0].delta.tool_calls[0].function.arguments",),
    ),
    Row(
        "an input that is null in the first delta",
        b.RUN,
        b.running(b.custom(None), b.more("ls")),
        (f"info {b.PART}.input",),
    ),
    Row(
        "the name of a custom tool",
        b.RUN,
        b.running(b.custom(), b.more("ls", name=None)),
        (f"info {b.PART}.name",),
    ),
    Row(
        "an input that is null later is tool-arguments-null's",
        b.RUN,
        b.running(b.custom(), b.more("ls"), b.more(None)),
        also=(f"risky tool-arguments-null {b.PART}.input",),
    ),
    Row(
        "arguments that are null later, too",
        calls(),
        stream(
            ROLE,
            *(chunk({"tool_calls": [d]}) for d in (HEAD, REST, {"index": 0, "function": {"arguments": None}})),
            chunk({}, "tool_calls"),
            request=ASK_TOOL,
        ),
        (),
        ("risky tool-arguments-null choices[0].delta.tool_calls[0].function.arguments",),
    ),
)
