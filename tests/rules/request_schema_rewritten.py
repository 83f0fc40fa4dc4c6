"""request-schema-rewritten: tools or the schema of an output are rewritten."""

from __future__ import annotations

from typing import Any

from tests.rules._gateway import changed, sent, upgraded
from tests.rules_table import ASK
from tests.rules_table import TOOL as WEATHER

TOOL: dict[str, Any] = {**WEATHER}
FORMAT = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object", "required": ["x"]}}}
LOOSE = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}}


def tool(**changes: Any) -> dict[str, Any]:
    return {**TOOL, "function": {**TOOL["function"], **changes}}


PARAMETERS = {key: value for key, value in TOOL["function"]["parameters"].items() if key != "additionalProperties"}
LOST = "breaking tools[0].function.parameters.additionalProperties"

CASES = (
    changed(
        "RQ09: additionalProperties is lost (envoyproxy/ai-gateway 2472)",
        sent(tools=[TOOL]),
        sent(tools=[tool(parameters=PARAMETERS)]),
        LOST,
    ),
    changed("RQ09: a tool is lost", sent(tools=[TOOL, tool(name="b")]), sent(tools=[TOOL]), "breaking tools"),
    changed("RQ09: all tools are lost", sent(tools=[TOOL]), ASK, "breaking tools"),
    changed(
        "RQ09: the output's schema is loosened",
        sent(response_format=FORMAT),
        sent(response_format=LOOSE),
        "breaking response_format.json_schema.schema.required",
    ),
    changed(
        "RQ09: a description is made up",
        sent(tools=[TOOL]),
        sent(tools=[tool(description="Weather.")]),
        "risky tools[0].function.description",
    ),
    changed(
        "null says nothing",
        sent(tools=[TOOL]),
        sent(tools=[tool(description=None)]),
        "info tools[0].function.description",
    ),
    changed(
        "an empty schema for a tool without arguments",
        sent(tools=[tool(parameters={})]),
        sent(tools=[{"type": "function", "function": {"name": "get_weather"}}]),
        "info tools[0].function.parameters",
    ),
    changed(
        "RQ09, benign twin: the same tools",
        sent(tools=[TOOL], response_format=FORMAT),
        sent(tools=[TOOL], response_format=FORMAT),
    ),
    upgraded("the old gateway did the same", sent(tools=[TOOL]), ASK, ASK),
    changed(
        "the empty schema that OpenAI's guide writes for a tool without arguments",
        sent(tools=[{"type": "function", "function": {"name": "get_weather"}}]),
        sent(tools=[tool(parameters={"type": "object", "properties": {}})]),
        "info tools[0].function.parameters",
    ),
)
