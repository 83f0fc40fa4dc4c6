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


def grammar(observation: Observation) -> Endpoint:
    """The endpoint that knows the observation's grammar and terminal event."""
    return endpoints.endpoint(observation.endpoint)


def answered(observation: Observation) -> bool:
    """A success with a whole answer in it: 2xx, parsed, not cut, and no error in place of the answer."""
    return observation.ok and observation.answer is not None and not carries_error(observation) and entire(observation)


def entire(observation: Observation) -> bool:
    """Nothing of the answer can be missing: a stream's own end was seen, a body came as a whole."""
    return ended(observation) if observation.form == "stream" else observation.ending is Ending.COMPLETE


def ended(observation: Observation) -> bool:
    """A stream whose end was seen: its terminal event or its sentinel."""
    return not observation.kinds.isdisjoint(grammar(observation).ends | {"done"})


def comparable(golden: Samples, observation: Observation) -> list[Observation]:
    """The golden samples that answer in the same form; none where the candidate has no answer to compare."""
    if not answered(observation):
        return []
    return [g for g in golden if g.form == observation.form and answered(g)]


_FAILURES = frozenset({"error", "failed"})  # `failed`: the Responses API's own word


def carries_error(observation: Observation) -> bool:
    """An error object, as the whole body or as an event of the stream."""
    if observation.form == "stream":
        return not observation.kinds.isdisjoint(_FAILURES)
    return isinstance(observation.body, dict) and bool(observation.body.get("error"))


def choices(observation: Observation) -> tuple[Choice, ...]:
    """The choices of the final answer; none where there is no answer."""
    return observation.answer.choices if observation.answer else ()


def tool_calls(observation: Observation) -> tuple[ToolCall, ...]:
    """All tool calls of the final answer, over all choices."""
    return tuple(call for choice in choices(observation) for call in choice.tool_calls)


def occurrences(observation: Observation, kind: str) -> list[tuple[Event, int | None]]:
    """The events that do one kind of thing, each with its lane."""
    return [(event, lane) for event in observation.events for k, lane in event.kinds if k == kind]


def kinds(observation: Observation) -> list[str]:
    """The kinds of all events in order, lanes aside."""
    return [kind for event in observation.events for kind, _ in event.kinds]


def types(observation: Observation, path: str) -> frozenset[str]:
    """The JSON types that the shape shows at a path; `missing` where some parent lacks it."""
    field = observation.shape.get(path)
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


def damaged(observation: Observation) -> bool:
    """Transport's rules tell of an event that no client could read; what the stream lacks may have been in it."""
    if "invalid" in observation.kinds:
        return True
    unknown = (event.frame.unknown for event in observation.events) if "unknown" in observation.kinds else ()
    return any(lost(line) != "unknown-line" for lines in unknown for line in lines)


def finished(observation: Observation) -> bool:
    """A plain body, or a stream that came to its end: what a cut stream lacks is not missing."""
    return observation.form != "stream" or not observation.kinds.isdisjoint(grammar(observation).ends | {"done"})
