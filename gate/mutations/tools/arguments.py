"""The arguments of tool calls: JSON text that holds an object under the schema of the tool."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import calls
from gate.mutations.edit import in_docs
from gate.mutations.facts import CHAT, asked
from gate.mutations.harmless import other_spacing_of_arguments
from gate.mutations.harmless_streams import call_in_one_block
from gate.mutations.texts import with_arguments
from gate.mutations.values import drop, each, parsed


def arguments_empty(exchange: Exchange) -> Exchange | None:
    """A call without parameters has arguments `""`, not `{}`: no JSON parser takes that."""
    return with_arguments(exchange, lambda text: "" if text.strip() == "{}" else text)


def space_in_braces(exchange: Exchange) -> Exchange | None:
    """A space between the braces."""
    return with_arguments(exchange, lambda text: "{ }" if text.strip() == "{}" else text)


def arguments_missing(exchange: Exchange) -> Exchange | None:
    """The call is announced, its arguments never come: clients drop it silently."""
    return in_docs(exchange, each(calls, lambda call: drop(call.get("function"), "arguments")), CHAT)


def arguments_object(exchange: Exchange) -> Exchange | None:
    """Arguments come as an object, not as JSON text: clients run the tool with empty arguments, or crash."""
    return _spoiled(exchange, lambda _, value: value)


def arguments_encoded_twice(exchange: Exchange) -> Exchange | None:
    """Arguments are JSON text of JSON text: the first parse gives a string."""
    return _spoiled(exchange, lambda text, _: json.dumps(text))


def arguments_truncated(exchange: Exchange) -> Exchange | None:
    """The end of the arguments is lost: the blame for the broken JSON falls on the model."""
    # half: T07's cut within a call leaves a string or an object open
    return _spoiled(exchange, lambda text, _: text[: len(text) // 2])


def arguments_off_schema(exchange: Exchange) -> Exchange | None:
    """Arguments lack what the tool's own schema requires: the function raises when it is called."""
    required = _required(asked(exchange, "tools"))

    def spoil(text: str, value: dict[str, Any]) -> Json:
        lost = next((key for key in required if key in value), None)
        return text if lost is None else json.dumps({key: v for key, v in value.items() if key != lost})

    return _spoiled(exchange, spoil) if required else None


def _required(tools: Json) -> list[str]:
    """What every tool requires."""
    schemas = [member(member(tool, "function"), "parameters") for tool in tools] if isinstance(tools, list) else []
    # of all tools, because the mutation does not know which one is called
    names = [{key for key in members(schema, "required") if isinstance(key, str)} for schema in schemas]
    return sorted(set.intersection(*names)) if names else []


def _spoiled(exchange: Exchange, spoil: Callable[[str, dict[str, Any]], Json]) -> Exchange | None:
    """Every argument text that holds an object replaced; `spoil` gets the text and the object."""

    def change(text: str) -> Json:
        value = parsed(text)
        return text if value is None else spoil(text, value)

    return with_arguments(exchange, change)


_FORCED = ("tool-forced", "tool-forced-stream")

MUTATIONS = (
    Row(
        drifts=("TL14",),
        severity=Severity.RISKY,
        summary="arguments of a call without parameters are empty",
        caught_by=("tool-arguments-empty",),
        apply=arguments_empty,
        twin=space_in_braces,
        exercised_by=("tool-no-parameters",),
    ),
    Row(
        drifts=("TL26",),
        severity=Severity.BREAKING,
        summary="tool calls have no arguments",
        caught_by=("tool-arguments-empty",),
        apply=arguments_missing,
        twin=other_spacing_of_arguments,
        exercised_by=_FORCED,
    ),
    Row(
        drifts=("TL13",),
        severity=Severity.BREAKING,
        summary="arguments are an object in place of JSON text",
        caught_by=("tool-arguments-not-text",),
        apply=arguments_object,
        twin=other_spacing_of_arguments,
        exercised_by=_FORCED,
    ),
    Row(
        drifts=("TL13",),
        severity=Severity.BREAKING,
        summary="arguments are encoded twice",
        caught_by=("tool-arguments-invalid",),
        apply=arguments_encoded_twice,
        twin=other_spacing_of_arguments,
        exercised_by=_FORCED,
    ),
    Row(
        drifts=("T07", "TL13"),
        severity=Severity.BREAKING,
        summary="arguments are cut",
        caught_by=("tool-arguments-invalid",),
        apply=arguments_truncated,
        twin=call_in_one_block,
        exercised_by=_FORCED,
    ),
    Row(
        drifts=("SO07",),
        severity=Severity.RISKY,
        summary="arguments lack a required parameter",
        caught_by=("tool-arguments-against-schema",),
        apply=arguments_off_schema,
        twin=other_spacing_of_arguments,
        exercised_by=_FORCED,
    ),
)
