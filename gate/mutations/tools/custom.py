"""Custom tools, whose input is free text, where a gateway knows functions alone."""

from __future__ import annotations

import json
from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import calls
from gate.mutations.edit import in_plain
from gate.mutations.facts import CHAT, RESPONSES
from gate.mutations.harmless import again
from gate.mutations.responses.items import items
from gate.mutations.values import each, put


def custom_tool_as_function(exchange: Exchange) -> Exchange | None:
    """A custom tool was offered, and a function of its name is called: agents that wait for its call find none."""
    return in_plain(exchange, each(calls, _call_as_function), CHAT) or in_plain(
        exchange, each(items, _item_as_function), RESPONSES
    )


def _call_as_function(call: dict[str, Any]) -> bool:
    custom = call.pop("custom", None)
    if not isinstance(custom, dict):
        return False
    call.update(type="function", function={"name": custom.get("name"), "arguments": _wrapped(custom.get("input"))})
    return True


def _item_as_function(item: dict[str, Any]) -> bool:
    if item.get("type") != "custom_tool_call":
        return False
    item.update(type="function_call", arguments=_wrapped(item.pop("input", None)))
    return True


def custom_input_wrapped(exchange: Exchange) -> Exchange | None:
    """The text of a custom tool comes in a JSON object: a shell gets JSON in place of a command."""

    def change(holder: Any) -> bool:
        fits = isinstance(holder, dict) and isinstance(holder.get("input"), str)
        return fits and put(holder, "input", _wrapped(holder["input"]))

    return in_plain(exchange, each(calls, lambda call: change(call.get("custom"))), CHAT) or in_plain(
        exchange, each(items, change), RESPONSES
    )


def _wrapped(text: Any) -> str:
    return json.dumps({"input": text})


_CUSTOM = ("tool-custom", "responses-tool-custom")

MUTATIONS = (
    Row(
        drifts=("TL35",),
        severity=Severity.BREAKING,
        summary="a custom tool is called as a function",
        caught_by=("custom-tool-as-function",),
        apply=custom_tool_as_function,
        twin=again,
        exercised_by=_CUSTOM,
    ),
    Row(
        drifts=("TL35",),
        severity=Severity.BREAKING,
        summary="the input of a custom tool is wrapped in JSON",
        caught_by=("custom-tool-input-wrapped",),
        apply=custom_input_wrapped,
        twin=again,
        exercised_by=_CUSTOM,
    ),
)
