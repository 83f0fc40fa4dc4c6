"""The text and the tool arguments of a chat answer replaced, wherever a stream cuts them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Json
from gate.mutations.chat import answer, calls_tools, choices, messages, named_calls, slot, text
from gate.mutations.edit import in_body
from gate.mutations.facts import CHAT, seen, served
from gate.mutations.frames import Piece, in_events
from gate.mutations.values import each, every, put

Texts = Callable[[str], Json]
"""A text → what stands in its place."""


def with_text(exchange: Exchange, text_of: Texts) -> Exchange | None:
    """The text of the only choice of a chat answer replaced; a stream keeps its cuts in proportion.

    None where there is no text, or `text_of` gives back the same.
    """
    before = text(exchange)
    if not served(exchange, CHAT) or len(answer(exchange).choices) != 1 or not before or text_of(before) == before:
        return None
    if seen(exchange).form != "stream":
        return in_body(exchange, lambda body: put(next(messages(body)), "content", text_of(before)))
    return in_events(exchange, lambda pieces: _spread(pieces, _contents, text_of))


def with_arguments(exchange: Exchange, arguments_of: Texts) -> Exchange | None:
    """The arguments of every tool call of a chat answer replaced; None where there are none."""

    def change(call: dict[str, Any]) -> bool:
        before = call["function"].get("arguments")
        return isinstance(before, str) and put(call["function"], "arguments", arguments_of(before))

    if not served(exchange, CHAT) or not calls_tools(exchange):
        return None
    if seen(exchange).form != "stream":
        return in_body(exchange, each(named_calls, change))
    return in_events(exchange, lambda pieces: _spread(pieces, _fragments, arguments_of))


Place = tuple[object, dict[str, Any], str]
"""Which text, and the object and key that hold a part of it."""


def _contents(doc: Json) -> Iterator[Place]:
    for choice in choices(doc):
        delta = member(choice, "delta")
        if isinstance(member(delta, "content"), str) and delta["content"]:
            yield slot(choice), delta, "content"


def _fragments(doc: Json) -> Iterator[Place]:
    for choice in choices(doc):
        for call in members(member(choice, "delta"), "tool_calls"):
            function = member(call, "function")
            if isinstance(member(function, "arguments"), str):
                yield (slot(choice), slot(call)), function, "arguments"


def _spread(pieces: list[Piece], places: Callable[[Json], Iterator[Place]], text_of: Texts) -> list[Piece]:
    """Each text replaced and laid over the frames that held it."""
    texts: dict[object, list[str]] = defaultdict(list)
    for piece in pieces:
        for name, part, key in places(piece.doc):
            texts[name].append(part[key])
    parts = {name: iter(_parts(text_of("".join(before)), before)) for name, before in texts.items()}

    def change(doc: Json) -> bool:
        return every(places(doc), lambda place: put(place[1], place[2], next(parts[place[0]])))

    return [piece.changed(change) for piece in pieces]


def _parts(value: Json, before: Sequence[str]) -> list[Json]:
    """A text cut in proportion to the cuts before; what is no text comes whole, where the first fragment was."""
    if not isinstance(value, str):
        # an object for arguments (TL13) comes once
        return [value, *[""] * (len(before) - 1)]
    ends = list(accumulate(len(part) for part in before))
    total = ends[-1] or 1
    # in proportion, so that a shorter text still comes over the whole time (latency rules stay silent)
    cuts = [0, *(round(end * len(value) / total) for end in ends[:-1]), len(value)]
    return [value[start:end] for start, end in pairwise(cuts)]
