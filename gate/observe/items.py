"""Predicates over what an answer holds beside text and function calls: items of a response, and annotations."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members, text_of
from gate.endpoints.responses import CALLS, is_for_client
from gate.model import Json, Observation
from gate.observe.answer import occurrences


def output(observation: Observation) -> list[Json]:
    """The output items of a response; empty for other endpoints."""
    return members(observation.answer.final, "output") if observation.answer else []


def last_thought(observation: Observation) -> str:
    """The path of the last of several output items where that is reasoning, else ""."""
    items = output(observation)
    return f"output[{len(items) - 1}]" if len(items) > 1 and member(items[-1], "type") == "reasoning" else ""


def done_items(observation: Observation) -> list[Json]:
    """The items as the events of a stream finish them; empty for a plain body."""
    return [member(event.doc, "item") for event, _ in occurrences(observation, "output_item.done")]


# By the ending, as new tools come: https://platform.openai.com/docs/api-reference/responses/object
_OF_TOOLS = ("_call", "_list_tools", "_approval_request")
# an item for the client as well, who shows the picture; the provider has drawn it
_DRAWN = "image_generation_call"


def built_in_calls(observation: Observation) -> frozenset[str]:
    """The types of the items that tell of built-in tools, whoever runs them: `web_search_call`, `computer_call`."""
    kinds = (member(item, "type") for item in output(observation))
    # functions and custom tools are judged by the rules about tools
    return frozenset(k for k in kinds if isinstance(k, str) and k.endswith(_OF_TOOLS)).difference(CALLS)


def hosted_calls(observation: Observation) -> frozenset[str]:
    """Those that the provider runs: `web_search_call`, `mcp_call`, `mcp_list_tools`."""
    return frozenset(k for k in built_in_calls(observation) if k == _DRAWN or not is_for_client({"type": k}))


def citations(observation: Observation) -> list[Json]:
    """The annotations of an answer's texts."""
    return [note for _, note in cited(observation)]


def cited(observation: Observation) -> Iterator[tuple[str, Json]]:
    """(text, annotation) for each annotation of an answer's texts."""
    final = observation.answer.final if observation.answer else None
    parts = [part for item in members(final, "output") for part in members(item, "content")]
    messages = [member(choice, "message") for choice in members(final, "choices")]
    for holder, key in (*((part, "text") for part in parts), *((message, "content") for message in messages)):
        yield from ((text_of(member(holder, key)), note) for note in members(holder, "annotations"))
