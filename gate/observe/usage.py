"""Predicates over the usage of an answer: its counts, and the events that carry it."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member
from gate.model import Event, Json, Observation
from gate.observe.answer import grammar, occurrences
from gate.observe.request import asked

# what chat and legacy completions call a count, and what the Responses API does
PROMPT = ("prompt_tokens", "input_tokens")
COMPLETION = ("completion_tokens", "output_tokens")
TOTAL = ("total_tokens",)
COMPLETION_DETAILS = ("completion_tokens_details", "output_tokens_details")
# the same limit under chat's two names (PA01) and the one of the Responses API
_LIMITS = ("max_completion_tokens", "max_tokens", "max_output_tokens")
# A count from this share of the limit on may be an end at the limit: chance moves an answer by a few tokens (B25), and
# templates, stop tokens and tokenizers move the count by as many. Of 64 recorded answers that a limit ended, 63 have
# 0.9 of it and more (xAI's 9 of 10), one 0.896; of 674 others two have. S17's early stop is at 0.08.
NEAR = 0.9


def reported(observation: Observation) -> Json:
    """The usage of the final answer as it came; None where there is no answer, MISSING where the answer lacks it."""
    return observation.answer.usage if observation.answer else None


def usage(observation: Observation) -> dict[str, Any] | None:
    """The usage object of the final answer; None where it has none, or an empty one."""
    value = reported(observation)
    return value if isinstance(value, dict) and value else None


def bearing(observation: Observation) -> list[Event]:
    """The events of a stream that carry a non-empty usage."""
    return [event for event, _ in occurrences(observation, "usage") if event.doc.get("usage")]


def alone(event: Event) -> bool:
    """Whether a chunk has a usage and no choice."""
    # a kind that belongs to a choice has the lane of that choice
    return all(lane is None for _, lane in event.kinds)


def wanted(observation: Observation) -> bool:
    """Whether the request asks for usage in the stream."""
    # https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options
    return bool(asked(observation, "stream_options", "include_usage"))


def by_chunk(observation: Observation) -> bool:
    """Whether usage comes in a chunk of its own; a stream of the Responses API has it in its terminal event."""
    return observation.form == "stream" and not grammar(observation).typed


def limit(observation: Observation) -> int | None:
    """The limit for one choice that the request sets, in tokens."""
    values = (asked(observation, name) for name in _LIMITS)
    return next((value for value in values if type(value) is int and value > 0), None)


def written(observation: Observation) -> int | None:
    """The completion tokens of the answer as its usage counts them, over all choices."""
    return tokens(usage(observation), *COMPLETION)


def reasoned(observation: Observation) -> int | None:
    """The tokens of hidden reasoning that the usage counts; None where it counts none of them apart."""
    details = (member(usage(observation), key) for key in COMPLETION_DETAILS)
    counts = (tokens(held, "reasoning_tokens") for held in details if isinstance(held, dict))
    return next((count for count in counts if count is not None), None)


def tokens(counts: dict[str, Any] | None, *names: str) -> int | None:
    """The first of the named counts that is an integer; None where there is none."""
    value: Json
    for name in names:
        value = (counts or {}).get(name)
        # not isinstance: true is an int in Python
        if type(value) is int:
            return value
    return None
