"""Predicates over the request of an observation: its tools, the JSON it asks for, its parameters. Pure.

https://platform.openai.com/docs/guides/structured-outputs, https://platform.openai.com/docs/guides/function-calling
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from gate.endpoints import member, members, text_of
from gate.model import Json, Observation


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool that the request offers. `schema` is that of its arguments, MISSING where it gives none."""

    name: str
    schema: Json
    strict: bool


@dataclass(frozen=True, slots=True)
class Output:
    """The JSON that the request asks for as its answer. For `json_object` the schema only demands an object."""

    schema: Json
    strict: bool


def asked(observation: Observation, *keys: str) -> Json:
    """A value of the request's JSON by its keys; None where it is absent."""
    value = observation.request
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


# https://platform.openai.com/docs/api-reference/chat/create, /responses/create, /completions/create
_NUMBERS = (
    "temperature", "top_p", "n", "max_tokens", "max_completion_tokens", "max_output_tokens", "presence_penalty",
    "frequency_penalty", "seed", "top_logprobs",
)  # fmt: skip


def mistaken(observation: Observation) -> str:
    """The parameter that is wrong by the API's reference: messages that are none, a number that is none, a tool_choice
    that names a function nobody declared; "" where there is none."""
    chats = observation.endpoint == "chat.completions" and isinstance(observation.request, dict)
    if chats and not isinstance(asked(observation, "messages"), list):
        return "messages"
    odd = (name for name in _NUMBERS if not isinstance(asked(observation, name), int | float | None))
    chosen = asked(observation, "tool_choice", "function", "name")
    undeclared = isinstance(chosen, str) and chosen not in tools(observation)
    return next(odd, "tool_choice" if undeclared else "")


def tools(observation: Observation) -> Mapping[str, Tool]:
    """The functions and custom tools that the request offers, by name; chat nests them, Responses does not."""
    offered = [*members(observation.request, "tools"), *members(observation.request, "functions")]
    functions = [_nested(tool) for tool in offered]
    return {
        f["name"]: Tool(f["name"], member(f, "parameters"), member(f, "strict") is True)
        for f in functions
        if isinstance(member(f, "name"), str)
    }


# The types of tools that the client runs: https://platform.openai.com/docs/api-reference/chat/create#chat-create-tools
FOR_CLIENT = frozenset({"function", "custom"})


def _nested(tool: Json) -> Json:
    inside = (member(tool, kind) for kind in FOR_CLIENT)
    return next((value for value in inside if isinstance(value, dict)), tool)


def custom_tools(observation: Observation) -> frozenset[str]:
    """The names of the custom tools that the request offers: their input is free text."""
    custom = [_nested(t) for t in members(observation.request, "tools") if member(t, "type") == "custom"]
    return frozenset(tool["name"] for tool in custom if isinstance(member(tool, "name"), str))


def offers_tools(observation: Observation) -> bool:
    """Whether the request offers `tools`, or legacy `functions`."""
    return bool(asked(observation, "tools") or asked(observation, "functions"))


def offers_only(observation: Observation, types: Set[str]) -> bool:
    """Whether every tool of the request is of these types: a provider's built-in tools have other ones."""
    kinds = [member(tool, "type") for tool in members(observation.request, "tools")]
    return all(isinstance(kind, str) and kind in types for kind in kinds)


def forces_tool(observation: Observation) -> bool:
    """Whether `tool_choice` demands a call: required, or a function by name."""
    choice = asked(observation, "tool_choice")
    if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
        return (asked(observation, "tool_choice", "allowed_tools", "mode") or choice.get("mode")) == "required"
    # "any" is Mistral's word for it: https://docs.mistral.ai/capabilities/function_calling/
    return choice in ("required", "any") or isinstance(choice, dict)


def names_tool(observation: Observation) -> bool:
    """Whether `tool_choice` names the function; OpenAI itself then ends with `stop` (TL16, B24)."""
    return isinstance(asked(observation, "tool_choice"), dict)


def output_format(observation: Observation) -> Json:
    """The request's `response_format`, or `text.format` of the Responses API; falsy where it has none."""
    return asked(observation, "response_format") or asked(observation, "text", "format")


def output(observation: Observation) -> Output | None:
    """The JSON that the request asks for; None where it does not ask for JSON."""
    wanted = output_format(observation)
    kind = member(wanted, "type")
    # JSON mode promises valid JSON and an object, and no schema
    if kind == "json_object":
        return Output({"type": "object"}, False)
    if kind != "json_schema":
        return None
    inner = member(wanted, "json_schema")
    # the Responses API has name, schema and strict beside `type`, chat below `json_schema`
    inner = inner if isinstance(inner, dict) else wanted
    return Output(member(inner, "schema"), member(inner, "strict") is True)


def words(observation: Observation) -> int:
    """How many words of letters between blanks the texts of the request have: those of its turns, and of a prompt."""
    turns = [*members(observation.request, "messages"), *members(observation.request, "input")]
    said = [asked(observation, key) for key in ("prompt", "input", "instructions")]
    said += [turn if isinstance(turn, str) else member(turn, "content") for turn in turns]
    said += members(observation.request, "prompt")
    return sum(1 for text in said for _ in _WORD.finditer(text_of(text)))


_WORD = re.compile(r"(?<!\S)[^\W\d_]")


def called_before(observation: Observation) -> Iterator[str]:
    """The ids of earlier tool calls in the request: of calls that it sends back, and of those whose results it brings.

    With `previous_response_id` the results alone tell of the calls.
    """
    turns, items = members(observation.request, "messages"), members(observation.request, "input")
    echoed = [member(call, "id") for turn in turns for call in members(turn, "tool_calls")]
    ids = [*echoed, *(member(turn, "tool_call_id") for turn in turns), *(member(item, "call_id") for item in items)]
    yield from dict.fromkeys(identity for identity in ids if isinstance(identity, str))


# Keys of an echoed reply whose values differ from recording to recording.
_ECHOED = frozenset({"id", "call_id", "tool_call_id", "previous_response_id"})


# By the ending, as the API adds tools: function_call, custom_tool_call, web_search_call, mcp_list_tools…
# https://platform.openai.com/docs/api-reference/responses/object#responses/object-output
_ITEMS = ("_call", "_approval_request", "_list_tools")


def outline(value: Json) -> Json:
    """A request's value without echoed replies: of assistant messages, calls and reasoning only their kind is left."""
    match value:
        case {"role": "assistant"}:
            return {"role": "assistant"}
        # items of a response that a later request sends back; their ids and arguments are the model's
        case {"type": str() as kind} if kind == "reasoning" or kind.endswith(_ITEMS):
            return {"type": kind}
        case dict():
            return {key: outline(item) for key, item in value.items() if key not in _ECHOED}
        case list():
            return [outline(item) for item in value]
        case _:
            return value
