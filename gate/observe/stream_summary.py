"""The story of a stream in one line: which kinds of events came, in which order."""

from __future__ import annotations

from itertools import groupby

from gate.model import Observation

_SHOWN = 24  # runs of one kind; an interleaved stream would go on for pages


def event_order(observation: Observation) -> str:
    """`role content+ finish usage done`: one word an event, `role/content` where it does both; runs get a plus."""
    words = ["/".join(dict.fromkeys(kind for kind, _ in event.kinds)) for event in observation.events]
    runs = [(word, sum(1 for _ in run)) for word, run in groupby(word for word in words if word not in ("", "empty"))]
    story = [f"{word}+" if times > 1 else word for word, times in runs]
    return " ".join(story if len(story) <= _SHOWN else [*story[:_SHOWN], "…"])


def stream_line(observation: Observation) -> str:
    """Chunks, first token, order, text assembled and finish_reason of one streamed sample."""
    answer = observation.answer
    texts = sum(len(choice.text) for choice in answer.choices) if answer else 0
    calls = sum(len(choice.tool_calls) for choice in answer.choices) if answer else 0
    finishes = sorted({str(choice.finish) for choice in answer.choices if choice.finish}) if answer else []
    token = observation.timing.first_token
    parts = [
        f"{len(observation.events)} frames",
        *([f"first token {token:.0f} ms"] if token is not None else []),
        event_order(observation) or "no events",
        f"{texts} characters" if texts or not calls else f"{calls} tool call{'s' if calls > 1 else ''}",
        f"finish {', '.join(finishes) or 'none'}",
    ]
    if observation.ending != "complete":
        parts.append(f"ended {observation.ending}")
    return " · ".join(parts)
