"""A stream in one line: the kinds of its events in order, and its figures."""

from __future__ import annotations

from itertools import groupby

from gate.endpoints import member
from gate.model import Answer, Observation

# Runs of one kind: streams in golden/ have up to 9; an interleaved one would go on for pages.
_SHOWN = 24


def event_order(observation: Observation) -> str:
    """`role content+ finish usage done`: a word per event, `role/content` for both in one, a plus for repetition."""
    every = {event.kinds for event in observation.events}  # a few, of many events
    said = {kinds: "/".join(dict.fromkeys(kind for kind, _ in kinds)) for kinds in every}
    words = [word for event in observation.events if (word := said[event.kinds]) not in ("", "empty")]
    runs = [(word, sum(1 for _ in run)) for word, run in groupby(words)]
    order = [f"{word}+" if times > 1 else word for word, times in runs]
    return " ".join(order if len(order) <= _SHOWN else [*order[:_SHOWN], "…"])


def stream_line(observation: Observation) -> str:
    """Frames, first token, order of events, assembled text and finish_reason of one streamed sample."""
    answer = observation.answer
    texts = sum(len(choice.text) for choice in answer.choices) + len(_transcript(answer)) if answer else 0
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


def _transcript(answer: Answer) -> str:
    """The text of an answer without choices."""
    text = member(answer.final, "text")
    return text if isinstance(text, str) else ""
