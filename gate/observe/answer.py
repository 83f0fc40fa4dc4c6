"""Questions that rules of several areas ask of observations. Pure; a question never judges."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from gate import endpoints
from gate.model import Choice, Ending, Endpoint, Event, Json, Observation, Samples, ToolCall
from gate.wire.shape import type_of

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


def asked(found: Observation, *keys: str) -> Json:
    """A value of the request's JSON by its keys; None where it is not there."""
    value = found.request
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def forces_tool(found: Observation) -> bool:
    """`tool_choice` demands a call: required, or a function by name."""
    choice = asked(found, "tool_choice")
    if isinstance(choice, dict) and choice.get("type") == "allowed_tools":
        return (asked(found, "tool_choice", "allowed_tools", "mode") or choice.get("mode")) == "required"
    return choice in ("required", "any") or isinstance(choice, dict)


def names_tool(found: Observation) -> bool:
    """`tool_choice` names the function; OpenAI itself then ends with `stop` (TL16, B24)."""
    return isinstance(asked(found, "tool_choice"), dict)


def occurrences(found: Observation, kind: str) -> list[tuple[Event, int | None]]:
    """The events that do one kind of thing, each with its lane."""
    return [(event, lane) for event in found.events for k, lane in event.kinds if k == kind]


def types(found: Observation, path: str) -> frozenset[str]:
    """The JSON types that the shape shows at a path; `missing` where some parent lacks it."""
    field = found.shape.get(path)
    if field is None:
        return frozenset({"missing"})
    return field.types if field.always else field.types | {"missing"}


def word(value: Json) -> str:
    """The JSON type in a sentence: `a string`, `null`, `an object`."""
    kind = type_of(value)
    return kind if kind in ("null", "missing") else f"an {kind}" if kind[0] in "aeio" else f"a {kind}"


def is_tool_path(path: str) -> bool:
    """Whether a path lies inside a tool call: the rules of area `tools` own what the API's schema says there."""
    return "tool_calls[" in path
