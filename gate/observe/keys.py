"""Keys that a JSON text has twice in one object, which its parsed value no longer shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from gate.model import Event, Json, Observation
from gate.observe.answer import tool_calls

# Characters of a key, which the remote chose; so that a path stays on one line of a report.
_KEY = 60


def repeated_keys(observation: Observation) -> Iterator[tuple[str, Event | None]]:
    """(key, event) of each document with such a key: the body, or the events of a stream."""
    if observation.form == "stream":
        for event in observation.events:
            if isinstance(event.doc, dict) and (key := repeated(event.frame.data or "", event.doc)):
                yield key, event
    elif isinstance(observation.body, dict | list) and (key := repeated(observation.text, observation.body)):
        yield key, None


def repeated_arguments(observation: Observation) -> Iterator[tuple[str, str]]:
    """(path of the call, key) of each tool call whose arguments have such a key."""
    for call in tool_calls(observation):
        if isinstance(call.arguments, str) and call.type != "custom" and (key := _twice(call.arguments)):
            yield call.path, key


def repeated(text: str, value: Json) -> str:
    """The first key that an object of the text has twice, "" without one. `value` is the text parsed."""
    # Parsing again with a look at each pair is slow: only where the text has more keys than the value.
    # A quote before a colon ends a key; inside of a text it is escaped.
    if text.count('":') - text.count('\\":') == _count(value):
        return ""
    return _twice(text)


def _count(value: Json) -> int:
    """How many keys all objects of a value have."""
    total, open_ = 0, [value]
    while open_:
        item = open_.pop()
        if isinstance(item, dict):
            total += len(item)
            open_ += [child for child in item.values() if isinstance(child, dict | list)]
        else:
            # a list of numbers, a vector for one, has no keys
            open_ += [child for child in item if isinstance(child, dict | list)] if item and _holds(item) else []
    return total


def _holds(items: Sequence[Json]) -> bool:
    return isinstance(items[0], dict | list) or isinstance(items[-1], dict | list)


def _twice(text: str) -> str:
    found: list[str] = []

    def look(pairs: list[tuple[str, Json]]) -> None:
        if len(dict(pairs)) < len(pairs):
            names = [name for name, _ in pairs]
            found.extend(name for name in dict(pairs) if names.count(name) > 1)

    try:
        json.loads(text, object_pairs_hook=look)
    except (ValueError, RecursionError):
        return ""
    return found[0][:_KEY] if found else ""
