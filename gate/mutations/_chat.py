"""Where chat answers keep what mutations change, the same for a message and for the deltas of a stream."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

from gate.endpoints import member, members
from gate.model import MISSING, Answer, Exchange, Json
from gate.mutations._edit import CHAT, COMPLETIONS, Change, Piece, every, in_body, in_events, put, seen, served

Texts = Callable[[str], Json]
"""A text → what stands in its place."""


def choices(doc: Json) -> Iterator[dict[str, Any]]:
    """The choices of a completion or chunk."""
    return (choice for choice in members(doc, "choices") if isinstance(choice, dict))


def spoken(doc: Json) -> Iterator[dict[str, Any]]:
    """The message or delta of each choice."""
    parts = (member(choice, key) for choice in choices(doc) for key in ("message", "delta"))
    return (part for part in parts if isinstance(part, dict))


def calls(doc: Json) -> Iterator[dict[str, Any]]:
    """The tool calls of a completion, or what a chunk says of them."""
    return (call for part in spoken(doc) for call in members(part, "tool_calls") if isinstance(call, dict))


def slot(part: Json) -> int | None:
    """The `index` of a choice or call; None where it has none that is a number."""
    index = member(part, "index")
    return index if type(index) is int else None


def heads(doc: Json) -> Iterator[dict[str, Any]]:
    """What holds `id`, `object` and `model`: the body or chunk, and the response in an event of the Responses API."""
    response = member(doc, "response")
    found = doc if response is MISSING else response
    return iter((found,) if isinstance(found, dict) else ())


def named(doc: Json) -> Iterator[dict[str, Any]]:
    """The calls, or first deltas of calls, that name their function."""
    return (call for call in calls(doc) if member(member(call, "function"), "name"))


def functions(doc: Json) -> Iterator[dict[str, Any]]:
    """What holds the name of a called function: in chat answers, and in items of the Responses API."""
    yield from (call["function"] for call in named(doc))
    response = member(doc, "response")
    items = [*members(doc, "output"), *members(response, "output"), member(doc, "item")]
    yield from (item for item in items if member(item, "type") == "function_call" and item.get("name"))


def answer(exchange: Exchange) -> Answer:
    """The answer of a chat exchange; an empty one where there is none."""
    return seen(exchange).answer or Answer({})


def text(exchange: Exchange) -> str:
    """The text of the first choice; empty without any."""
    found = answer(exchange).choices
    return found[0].text if found else ""


def finish(exchange: Exchange) -> Json:
    """The finish_reason of the first choice."""
    found = answer(exchange).choices
    return found[0].finish if found else None


def calling(exchange: Exchange) -> bool:
    """Whether the first choice calls tools."""
    found = answer(exchange).choices
    return bool(found and found[0].tool_calls)


def finishing(reason: Callable[[Json], Json]) -> Change:
    """Every finish_reason that is set replaced; None from `reason` leaves it."""

    def change(doc: Json) -> bool:
        fitting = [c for c in choices(doc) if c.get("finish_reason") and reason(c["finish_reason"]) is not None]
        for choice in fitting:
            choice["finish_reason"] = reason(choice["finish_reason"])
        return bool(fitting)

    return change


# -- texts, wherever a stream cuts them ----------------------------------------------------------


def retold(exchange: Exchange, text_of: Texts) -> Exchange | None:
    """The text of the only choice of a chat answer replaced; a stream keeps its cuts in proportion.

    None where there is no text, or `text_of` gives back the same.
    """
    said = text(exchange)
    if not served(exchange, CHAT) or len(answer(exchange).choices) != 1 or not said or text_of(said) == said:
        return None
    if seen(exchange).form != "stream":
        return in_body(exchange, lambda body: put(next(spoken(body)), "content", text_of(said)))
    return in_events(exchange, lambda found: _spread(found, _contents, text_of))


def reargued(exchange: Exchange, arguments: Texts) -> Exchange | None:
    """The arguments of every tool call of a chat answer replaced; None where there are none."""
    if not served(exchange, CHAT) or not calling(exchange):
        return None
    if seen(exchange).form != "stream":
        return in_body(exchange, lambda body: every(named(body), lambda call: _reargue(call["function"], arguments)))
    return in_events(exchange, lambda found: _spread(found, _fragments, arguments))


def _reargue(function: dict[str, Any], arguments: Texts) -> bool:
    said = function.get("arguments")
    return isinstance(said, str) and put(function, "arguments", arguments(said))


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


def _spread(found: list[Piece], places: Callable[[Json], Iterator[Place]], text_of: Texts) -> list[Piece] | None:
    """Each text replaced and laid over the frames that held it."""
    texts: dict[object, list[str]] = defaultdict(list)
    for piece in found:
        for name, part, key in places(piece.doc):
            texts[name].append(part[key])
    parts = {name: iter(_parts(text_of("".join(old)), old)) for name, old in texts.items()}

    def change(doc: Json) -> bool:
        return every(places(doc), lambda place: put(place[1], place[2], next(parts[place[0]])))

    return [piece.changed(change) for piece in found]


def _parts(value: Json, old: Sequence[str]) -> list[Json]:
    """A text cut in proportion to the old cuts; what is no text comes whole, where the first fragment was."""
    if not isinstance(value, str):
        return [value, *[""] * (len(old) - 1)]
    ends = list(accumulate(len(part) for part in old))
    total = ends[-1] or 1
    cuts = [0, *(round(end * len(value) / total) for end in ends[:-1]), len(value)]
    return [value[start:end] for start, end in pairwise(cuts)]


# -- numbers ------------------------------------------------------------------------------------


def usages(doc: Json) -> Iterator[dict[str, Any]]:
    """The usage object of a body, chunk or response."""
    found = (member(doc, "usage"), member(member(doc, "response"), "usage"))
    return (usage for usage in found if isinstance(usage, dict))


def is_text(exchange: Exchange, *of: str) -> bool:
    """A success that is nothing but text: no tool call, no structure asked for."""
    request = seen(exchange).request
    structured = isinstance(request, dict) and bool(request.get("response_format"))
    return served(exchange, *(of or (CHAT, COMPLETIONS))) and not structured and not calling(exchange)
