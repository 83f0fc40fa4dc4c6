"""Keys that a JSON text has twice in one object, which its parsed value no longer shows."""

from __future__ import annotations

import json
from collections.abc import Iterator

from gate.model import Event, Json, Observation
from gate.observe.answer import tool_calls

# Characters of a key, which the remote chose; so that a path stays on one line of a report.
_KEY = 60


def repeated_keys(observation: Observation) -> Iterator[tuple[str, Event | None]]:
    """(key, event) of each document with such a key: the body, or the events of a stream."""
    documents = list(_documents(observation))
    # Parsing again with a look at each pair is slow: only where the texts have more keys than their values. Those the
    # shape has counted. A quote before a colon ends a key; inside of a text it is escaped.
    whole = "\n".join([text for text, _ in documents])
    keys = sum([field.seen for path, field in observation.shape.items() if path[-2:] != "[]"])
    # where no text has a colon of its own, all of them are counted at once
    if whole.count(":") != keys and _written(whole) != keys:
        yield from ((key, event) for text, event in documents if (key := _twice(text)))


def _written(text: str) -> int:
    """The keys of JSON. A gateway that splices a member into another's text may write colons in its own way."""
    return sum(text.count(f'"{colon}') - text.count(f'\\"{colon}') for colon in (":", " :"))


def _documents(observation: Observation) -> Iterator[tuple[str, Event | None]]:
    if observation.form == "stream":
        yield from ((event.frame.data or "", event) for event in observation.events if isinstance(event.doc, dict))
    else:
        yield observation.text, None


def repeated_arguments(observation: Observation) -> Iterator[tuple[str, str]]:
    """(path of the call, key) of each tool call whose arguments have such a key."""
    for call in tool_calls(observation):
        if isinstance(call.arguments, str) and call.type != "custom" and (key := _twice(call.arguments)):
            yield call.path, key


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
