"""Predicates over what an answer holds beside text and function calls: items of a response, and annotations."""

from __future__ import annotations

from gate.endpoints import member, members
from gate.endpoints.responses import CALLS, is_for_client
from gate.model import Json, Observation


def output(observation: Observation) -> list[Json]:
    """The output items of a response; empty for other endpoints."""
    return members(observation.answer.final, "output") if observation.answer else []


def last_thought(observation: Observation) -> str:
    """The path of the last of several output items where that is reasoning, else ""."""
    items = output(observation)
    return f"output[{len(items) - 1}]" if len(items) > 1 and member(items[-1], "type") == "reasoning" else ""


def hosted_calls(observation: Observation) -> frozenset[str]:
    """The types of the items that tell of tools which the provider runs: `web_search_call`, `mcp_call`."""
    kinds = (member(item, "type") for item in output(observation) if not is_for_client(item))
    # by the ending, as new tools come: https://platform.openai.com/docs/api-reference/responses/object
    named = frozenset(kind for kind in kinds if isinstance(kind, str) and kind.endswith("_call"))
    # calls that the client answers are judged by the rules about tools
    return named.difference(CALLS)


def citations(observation: Observation) -> list[Json]:
    """The annotations of an answer's texts."""
    final = observation.answer.final if observation.answer else None
    parts = [part for item in members(final, "output") for part in members(item, "content")]
    messages = [member(choice, "message") for choice in members(final, "choices")]
    return [note for holder in (*parts, *messages) for note in members(holder, "annotations")]
