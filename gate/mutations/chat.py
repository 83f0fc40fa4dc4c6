"""Where chat answers keep what mutations change, the same for a message and for the deltas of a stream.

Where other endpoints have the like, it is found there too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gate.endpoints import member, members
from gate.model import MISSING, Answer, Exchange, Json
from gate.mutations.facts import CHAT, COMPLETIONS, seen, served
from gate.mutations.values import Change

# -- parts of a body or an event ------------------------------------------------------------------


def choices(doc: Json) -> Iterator[dict[str, Any]]:
    """The choices of a completion or chunk."""
    return (choice for choice in members(doc, "choices") if isinstance(choice, dict))


def messages(doc: Json) -> Iterator[dict[str, Any]]:
    """The message or delta of each choice."""
    parts = (member(choice, key) for choice in choices(doc) for key in ("message", "delta"))
    return (part for part in parts if isinstance(part, dict))


def calls(doc: Json) -> Iterator[dict[str, Any]]:
    """The tool calls of a completion, or what a chunk says of them."""
    return (call for part in messages(doc) for call in members(part, "tool_calls") if isinstance(call, dict))


def named_calls(doc: Json) -> Iterator[dict[str, Any]]:
    """The calls, or first deltas of calls, that name their function."""
    return (call for call in calls(doc) if member(member(call, "function"), "name"))


def holder(call: Json) -> tuple[Json, str]:
    """What a call, or a delta of one, says of its function or custom tool, and the key of the model's text there."""
    custom = member(call, "custom")
    return (custom, "input") if isinstance(custom, dict) else (member(call, "function"), "arguments")


def named(call: Json) -> bool:
    """Whether a call, or a delta of one, names its function or its custom tool."""
    return bool(member(holder(call)[0], "name"))


def functions(doc: Json) -> Iterator[dict[str, Any]]:
    """What holds the name of a called function: in chat answers, and in items of the Responses API."""
    yield from (call["function"] for call in named_calls(doc))
    response = member(doc, "response")
    # in a body, in the terminal event, and in output_item.added and .done
    items = [*members(doc, "output"), *members(response, "output"), member(doc, "item")]
    yield from (item for item in items if member(item, "type") == "function_call" and item.get("name"))


def slot(part: Json) -> int | None:
    """The `index` of a choice or call; None where it has none that is a number."""
    index = member(part, "index")
    return index if type(index) is int else None


def heads(doc: Json) -> Iterator[dict[str, Any]]:
    """What holds `id`, `object` and `model`: the body or chunk, and the response in an event of the Responses API."""
    response = member(doc, "response")
    head = doc if response is MISSING else response
    return iter((head,) if isinstance(head, dict) else ())


def usages(doc: Json) -> Iterator[dict[str, Any]]:
    """The usage object of a body, chunk or response."""
    both = (member(doc, "usage"), member(member(doc, "response"), "usage"))
    return (usage for usage in both if isinstance(usage, dict))


def finishing(reason: Callable[[Json], Json]) -> Change:
    """Every finish_reason that is set replaced; None from `reason` leaves it."""

    def change(doc: Json) -> bool:
        fitting = [c for c in choices(doc) if c.get("finish_reason") and reason(c["finish_reason"]) is not None]
        for choice in fitting:
            choice["finish_reason"] = reason(choice["finish_reason"])
        return bool(fitting)

    return change


# -- the answer as one ----------------------------------------------------------------------------


def answer(exchange: Exchange) -> Answer:
    """The answer of an exchange, a stream's folded to one; an empty one where there is none."""
    return seen(exchange).answer or Answer({})


def text(exchange: Exchange) -> str:
    """The text of the first choice; empty without any."""
    alternatives = answer(exchange).choices
    return alternatives[0].text if alternatives else ""


def finish_reason(exchange: Exchange) -> Json:
    """The finish_reason of the first choice; None without any."""
    alternatives = answer(exchange).choices
    return alternatives[0].finish if alternatives else None


def calls_tools(exchange: Exchange) -> bool:
    """Whether the first choice calls tools."""
    alternatives = answer(exchange).choices
    return bool(alternatives and alternatives[0].tool_calls)


def is_text(exchange: Exchange, *of: str) -> bool:
    """A success that is nothing but text: no tool call, no structure and no log probabilities asked for. Of chat and
    completions by default."""
    request = seen(exchange).request
    # a text in a JSON answer would be json-not-json's as well: one mutation should show one drift
    bound = ("response_format", "logprobs", "echo")
    structured = isinstance(request, dict) and any(request.get(key) for key in bound)
    return served(exchange, *(of or (CHAT, COMPLETIONS))) and not structured and not calls_tools(exchange)
