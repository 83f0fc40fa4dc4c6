"""The usage that an answer carries: its counts, and the events that bring it."""

from __future__ import annotations

from typing import Any

from gate.model import Event, Json, Observation
from gate.observe.answer import grammar, occurrences
from gate.observe.request import asked


def usage(observation: Observation) -> dict[str, Any] | None:
    """The filled usage of the final answer; None where there is none, or an empty one."""
    value = observation.answer.usage if observation.answer else None
    return value if isinstance(value, dict) and value else None


def bearing(observation: Observation) -> list[Event]:
    """The events of a stream that carry a filled usage of their own."""
    return [event for event, _ in occurrences(observation, "usage") if event.doc.get("usage")]


def alone(event: Event) -> bool:
    """A chunk that has no choice beside its usage."""
    # a kind that belongs to a choice has the lane of that choice
    return all(lane is None for _, lane in event.kinds)


def wanted(observation: Observation) -> bool:
    """The request asks for usage in the stream."""
    return bool(asked(observation, "stream_options", "include_usage"))


def by_chunk(observation: Observation) -> bool:
    """A stream whose usage has a chunk of its own; a response has it in its terminal event."""
    return observation.form == "stream" and not grammar(observation).typed


def tokens(counts: dict[str, Any] | None, *names: str) -> int | None:
    """The first of these counts that is an integer, whatever the API calls it."""
    value: Json
    for name in names:
        value = (counts or {}).get(name)
        # true is an int in Python, and no count
        if type(value) is int:
            return value
    return None


PROMPT = ("prompt_tokens", "input_tokens")

COMPLETION = ("completion_tokens", "output_tokens")
TOTAL = ("total_tokens",)
