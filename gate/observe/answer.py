"""Predicates over the answer of an observation, shared by rules of several areas. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from gate import endpoints
from gate.endpoints import member
from gate.model import Choice, Ending, Endpoint, Event, Json, Observation, Samples, ToolCall
from gate.wire.shape import type_of
from gate.wire.sse import lost

T = TypeVar("T", bound=Hashable)


def shown(samples: Iterable[Observation], what: Callable[[Observation], Iterable[T]]) -> frozenset[T]:
    """The union of `what(sample)` over the samples."""
    return frozenset(value for sample in samples for value in what(sample))


def grammar(observation: Observation) -> Endpoint:
    """The observation's endpoint: its grammar and its terminal events."""
    return endpoints.endpoint(observation.endpoint)


def answered(observation: Observation) -> bool:
    """Whether it is a success with a whole answer: 2xx, parsed, not cut, and no error object instead of it."""
    # what a cut, failed or refused answer lacks follows from that; transport, stream and errors have the rules for it
    return observation.ok and observation.answer is not None and not carries_error(observation) and entire(observation)


def entire(observation: Observation) -> bool:
    """Whether the answer is whole: a stream with its terminal event, or a body that ended complete."""
    # a stream that was cut after its terminal event is whole to clients, which stop reading there (row of body-cut)
    return ended(observation) if observation.form == "stream" else observation.ending is Ending.COMPLETE


def ended(observation: Observation) -> bool:
    """Whether a stream has its terminal event or its sentinel."""
    return "done" in observation.kinds or not observation.kinds.isdisjoint(grammar(observation).ends)


def comparable(golden: Samples, observation: Observation) -> list[Observation]:
    """The golden samples that answered in the same form; none where the candidate has no whole answer."""
    if not answered(observation):
        return []
    return [sample for sample in golden if sample.form == observation.form and answered(sample)]


FAILURES = frozenset({"error", "failed"})  # `failed`: response.failed of the Responses API


def carries_error(observation: Observation) -> bool:
    """Whether there is an error object, in the body or as an event of the stream."""
    if observation.form == "stream":
        return not observation.kinds.isdisjoint(FAILURES)
    # bool: `"error": null` beside an answer is ER06's benign twin
    return isinstance(observation.body, dict) and bool(observation.body.get("error"))


def errors_within(doc: Json) -> list[dict[str, Any]]:
    """Where an event of a stream says why it failed: under `error`, in the response that failed, or in the event
    itself, whose `type` is then that of the event: https://platform.openai.com/docs/api-reference/responses-streaming/error."""
    own = doc if member(doc, "type") == "error" else None
    return [
        part for part in (member(doc, "error"), member(member(doc, "response"), "error"), own) if isinstance(part, dict)
    ]


def choices(observation: Observation) -> tuple[Choice, ...]:
    """The choices of the final answer; empty where there is no answer."""
    return observation.answer.choices if observation.answer else ()


def tool_calls(observation: Observation) -> tuple[ToolCall, ...]:
    """All tool calls of the final answer, over all choices."""
    return tuple(call for choice in choices(observation) for call in choice.tool_calls)


def occurrences(observation: Observation, kind: str) -> list[tuple[Event, int | None]]:
    """The events of one kind, each with its lane: the choice or output item it belongs to, None for the stream."""
    return [(event, lane) for event in observation.events for k, lane in event.kinds if k == kind]


def types(observation: Observation, path: str) -> frozenset[str]:
    """The JSON types that the shape has at a path; `missing` among them where some parent lacks it."""
    field = observation.shape.get(path)
    if field is None:
        return frozenset({"missing"})
    return field.types if field.always else field.types | {"missing"}


# A tuple: a finish may be any JSON value, so it may have no hash. `length` is chat's and legacy completions' word,
# `max_output_tokens` the reason in incomplete_details: https://platform.openai.com/docs/api-reference/responses/object
LIMITS = ("length", "max_output_tokens")


# What says that nothing is missing: the word of chat and completions, and the status of responses (same page).
WHOLE = ("stop", "completed")


def at_limit(choice: Choice) -> bool:
    """Its finish says that a limit on tokens ended it, in the word of chat or of responses."""
    return choice.finish in LIMITS


def is_text(value: Json) -> bool:
    """A string that is not empty."""
    return isinstance(value, str) and bool(value)


def is_number(value: Json) -> bool:
    """A number of JSON; true is an int in Python."""
    return isinstance(value, int | float) and not isinstance(value, bool)


# What languages print for nothing: Java and JavaScript, Python, Lua and Ruby, Go, pandas. Gateways that join
# JSON of texts send them (rows of error-code-changed, and "null" as a role in tests/test_named_causes.py). `none` is a
# word of the API: https://platform.openai.com/docs/api-reference/chat/create#chat-create-tool_choice
NULLS = frozenset({"null", "None", "nil", "<nil>", "undefined", "NaN"})


def word(value: Json) -> str:
    """The JSON type of a value, with its article: `a string`, `null`, `an object`; a null written as text as such."""
    if isinstance(value, str) and value in NULLS:
        return f'the text "{value}" in place of null'
    kind = type_of(value)
    return kind if kind in ("null", "missing") else f"an {kind}" if kind[0] in "aeio" else f"a {kind}"


def is_tool_path(path: str) -> bool:
    """Whether a path lies inside a chat's `tool_calls`; a response has its calls as items of `output`."""
    return "tool_calls[" in path


def damaged(observation: Observation) -> bool:
    """Whether a client can't read some event (rules of `transport` report it): what the stream lacks may be in it."""
    if "invalid" in observation.kinds:
        return True
    unknown = (event.frame.unknown for event in observation.events) if "unknown" in observation.kinds else ()
    # a gateway's own field (a row of sse-not-json) hides nothing of the answer; a renamed data: line or bare JSON may
    return any(lost(line) != "unknown-line" for lines in unknown for line in lines)


def finished(observation: Observation) -> bool:
    """Whether it is a plain body or a stream with its end: what a cut stream lacks does not count as missing."""
    return observation.form != "stream" or ended(observation)
