"""Questions that rules of several areas ask of observations. Pure; a question never judges."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from gate import endpoints
from gate.model import Choice, Ending, Endpoint, Event, Json, Observation, Samples, ToolCall
from gate.wire.shape import type_of
from gate.wire.sse import lost

T = TypeVar("T", bound=Hashable)


def shown(samples: Iterable[Observation], what: Callable[[Observation], Iterable[T]]) -> frozenset[T]:
    """Everything that any of the samples showed."""
    return frozenset(value for sample in samples for value in what(sample))


def numbered(candidate: Samples) -> Iterator[tuple[int, Observation]]:
    """(position, observation) of each candidate sample."""
    return enumerate(candidate)


def grammar(found: Observation) -> Endpoint:
    """The endpoint that knows the observation's grammar and terminal event."""
    return endpoints.endpoint(found.endpoint)


def answered(found: Observation) -> bool:
    """A success with a whole answer in it: 2xx, parsed, not cut, and no error in place of the answer."""
    return found.ok and found.answer is not None and not carries_error(found) and entire(found)


def entire(found: Observation) -> bool:
    """Nothing of the answer can be missing: a stream's own end was seen, a body came as a whole."""
    return ended(found) if found.form == "stream" else found.ending is Ending.COMPLETE


def ended(found: Observation) -> bool:
    """A stream whose end was seen: its terminal event or its sentinel."""
    return not found.kinds.isdisjoint(grammar(found).ends | {"done"})


def comparable(golden: Samples, found: Observation) -> list[Observation]:
    """The golden samples that answer in the same form; none where the candidate has no answer to compare."""
    if not answered(found):
        return []
    return [g for g in golden if g.form == found.form and answered(g)]


_FAILURES = frozenset({"error", "failed"})  # `failed`: the Responses API's own word


def carries_error(found: Observation) -> bool:
    """An error object, as the whole body or as an event of the stream."""
    if found.form == "stream":
        return not found.kinds.isdisjoint(_FAILURES)
    return isinstance(found.body, dict) and bool(found.body.get("error"))


def choices(found: Observation) -> tuple[Choice, ...]:
    """The choices of the final answer; none where there is no answer."""
    return found.answer.choices if found.answer else ()


def tool_calls(found: Observation) -> tuple[ToolCall, ...]:
    """All tool calls of the final answer, over all choices."""
    return tuple(call for choice in choices(found) for call in choice.tool_calls)


def occurrences(found: Observation, kind: str) -> list[tuple[Event, int | None]]:
    """The events that do one kind of thing, each with its lane."""
    return [(event, lane) for event in found.events for k, lane in event.kinds if k == kind]


def kinds(found: Observation) -> list[str]:
    """The kinds of all events in order, lanes aside."""
    return [kind for event in found.events for kind, _ in event.kinds]


def types(found: Observation, path: str) -> frozenset[str]:
    """The JSON types that the shape shows at a path; `missing` where some parent lacks it."""
    field = found.shape.get(path)
    if field is None:
        return frozenset({"missing"})
    return field.types if field.always else field.types | {"missing"}


LIMITS = ("length", "max_output_tokens")  # a tuple: a finish may be any JSON value, so it may have no hash


def at_limit(choice: Choice) -> bool:
    """Its finish says that a limit on tokens ended it, in the word of chat or of responses."""
    return choice.finish in LIMITS


def is_text(value: Json) -> bool:
    """A string that is not empty."""
    return isinstance(value, str) and bool(value)


def word(value: Json) -> str:
    """The JSON type in a sentence: `a string`, `null`, `an object`."""
    kind = type_of(value)
    return kind if kind in ("null", "missing") else f"an {kind}" if kind[0] in "aeio" else f"a {kind}"


def is_tool_path(path: str) -> bool:
    """Whether a path lies inside a chat's `tool_calls`; a response has its calls as items of `output`."""
    return "tool_calls[" in path


def damaged(found: Observation) -> bool:
    """Transport's rules tell of an event that no client could read; what the stream lacks may have been in it."""
    if "invalid" in found.kinds:
        return True
    unknown = (event.frame.unknown for event in found.events) if "unknown" in found.kinds else ()
    return any(lost(line) != "unknown-line" for lines in unknown for line in lines)


def finished(found: Observation) -> bool:
    """A plain body, or a stream that came to its end: what a cut stream lacks is not missing."""
    return found.form != "stream" or not found.kinds.isdisjoint(grammar(found).ends | {"done"})
