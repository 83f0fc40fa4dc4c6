"""Where in an answer a path is: its concrete places and values, and the events of a stream that bring them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gate.model import MISSING, Event, Json, Observation, Pair
from gate.text.plural import count
from gate.wire.paths import places, untyped
from gate.wire.shape import TYPES, type_of

ABSENT = frozenset({"missing"})
FILLED = TYPES - {"null"}


@dataclass(frozen=True, slots=True)
class Place:
    """One concrete path, such as `choices[0].message`, its value, and its event; None for a plain body."""

    path: str
    value: Json
    event: Event | None


def first(observation: Observation, path: str, types: frozenset[str] = ABSENT) -> Place:
    """The first place of a path whose value has one of the JSON types; by default the first where it is missing."""
    for event, document in _documents(observation):
        for where, value in places(document, path):
            if type_of(value) in types:
                return Place(where, value, event)
    # nothing such was sent: the path of a first item is what a reader looks for
    return Place(untyped(path).replace("[]", "[0]"), MISSING, None)


def lacking(observation: Observation, path: str) -> str:
    """` in 3 of 41 chunks`: how many chunks of a stream lack the path, of those that could hold it; "" for a body."""
    if observation.form != "stream":
        return ""
    values = [[value for _, value in places(doc, path)] for event, doc in _documents(observation) if _is_chunk(event)]
    able = [of_chunk for of_chunk in values if of_chunk]
    lost = sum(any(value is MISSING for value in of_chunk) for of_chunk in able)
    return f" in {lost} of {count(len(able), 'chunk')}" if lost else ""


def _is_chunk(event: Event | None) -> bool:
    return event is not None and isinstance(event.doc, dict)


def has_text(observation: Observation, path: str) -> bool:
    """Whether any value at the path is a string that is not empty."""
    return any(_strings(observation, path))


def text_at(observation: Observation, path: str) -> str:
    """All strings at the path, joined: what the deltas of a stream say there."""
    return "".join(_strings(observation, path))


def _strings(observation: Observation, path: str) -> Iterator[str]:
    values = (value for _, document in _documents(observation) for _, value in places(document, path))
    yield from (value for value in values if isinstance(value, str))


def golden_value(pair: Pair, path: str) -> Json:
    """A value that some golden sample has at a path, as evidence; MISSING where none has it."""
    seen = (first(golden, path, TYPES) for golden in pair.golden)
    return next((place.value for place in seen if place.event or place.value is not MISSING), MISSING)


def _documents(observation: Observation) -> Iterator[tuple[Event | None, Json]]:
    if observation.form == "stream":
        yield from ((event, event.doc) for event in observation.events if event.doc is not MISSING)
    else:
        yield None, observation.body
