"""What the tool rules share: where calls are, what they lack, and which problems no golden sample has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import filterfalse
from typing import Literal

from gate.model import (
    MISSING,
    Choice,
    Comparison,
    Drift,
    Event,
    Json,
    Observation,
    Pair,
    Problem,
    ProblemCode,
    ToolCall,
)
from gate.observe.answer import LIMITS, answered, choices, is_text, is_tool_path, occurrences, tool_calls

# arguments may stop anywhere then, and the finish says so: other rules report that
CUT = (*LIMITS, "content_filter")
_LATE = {"id": ProblemCode.TOOL_ID_MISSING, "type": ProblemCode.TOOL_TYPE_MISSING}
_MERGED = (ProblemCode.TOOL_INDEX_MISSING, ProblemCode.TOOL_INDEX_SHARED)


def told(comparison: Comparison, messages: Mapping[ProblemCode, str], golden: str) -> Iterator[Drift]:
    """A drift for the first problem of each of these codes; none where indexes merged the calls."""
    for pair in comparison.pairs:
        if not merged(pair.candidate):
            for problem, event in problems(comparison, pair, *messages):
                message, shown = messages[problem.code], problem.detail or "absent"
                yield pair.drift(path=problem.path, message=message, golden=golden, candidate=shown, at=event)


def event_at(observation: Observation, frame: int | None) -> Event | None:
    """The event of a frame; frames are numbered from 0, one for each event."""
    return observation.events[frame] if frame is not None and frame < len(observation.events) else None


def first_call(observation: Observation) -> Event | None:
    """The event of a stream that opens the first tool call."""
    return next((event for event, _ in occurrences(observation, "tool")), None)


def problems(comparison: Comparison, pair: Pair, *codes: ProblemCode) -> Iterator[tuple[Problem, Event | None]]:
    """The first problem of each code that no golden sample has, with its event, in the order of the codes."""
    observation = pair.candidate
    first = {problem.code: problem for problem in reversed(observation.problems)} if answered(observation) else {}
    excused = {problem.code for golden in comparison.golden for problem in golden.problems} if first else set()
    for problem in (first[code] for code in codes if code in first and code not in excused):
        yield problem, event_at(observation, problem.frame)


def lacking(observation: Observation, key: Literal["id", "type"]) -> Iterator[tuple[str, Json, Event | None]]:
    """(path, value, event) of each call without an id or type, or whose id or type is not in its first delta."""
    late = [problem for problem in observation.problems if problem.code is _LATE[key]]
    for problem in late:
        yield problem.path, MISSING, event_at(observation, problem.frame)
    for call in () if late else filterfalse(is_void, tool_calls(observation)):
        value: Json = getattr(call, key)
        # that a response lacks the key is found by its schema, so only an empty id is left
        # a response's call is `function_call` by its own type, and answered by call_id, not by id (RS13)
        if not is_text(value) and (is_tool_path(call.path) or value is not MISSING):
            name = key if is_tool_path(call.path) else f"call_{key}"
            yield f"{call.path}.{name}", value, first_call(observation)


def is_void(call: ToolCall) -> bool:
    """An entry of the list that is no call at all: null, a text, {}. tool-name-missing tells it alone."""
    return call.id is call.type is call.name is call.arguments is MISSING


def calls(observation: Observation) -> Iterator[tuple[Choice, ToolCall]]:
    """Each call of an answer with its choice."""
    for choice in choices(observation) if answered(observation) else ():
        for call in choice.tool_calls:
            yield choice, call


def complete_calls(observation: Observation) -> Iterator[ToolCall]:
    """The calls that are complete: not cut by a limit, by a filter or by the end of the stream."""
    for choice, call in calls(observation):
        if is_text(choice.finish) and choice.finish not in CUT and not merged(observation):
            yield call


def whole_calls(observation: Observation) -> Iterator[ToolCall]:
    """The complete calls of functions, which have arguments in JSON."""
    # the input of a custom tool is free text, not JSON: https://platform.openai.com/docs/guides/function-calling
    return (call for call in complete_calls(observation) if call.type != "custom")


def merged(observation: Observation) -> bool:
    """Missing or shared indexes have merged calls into one; all other faults follow from that."""
    return any(problem.code in _MERGED for problem in observation.problems)


def counted(observation: Observation) -> str:
    """The end of a message that names the cause: the index of one streamed call counts up with each of its deltas.

    Clients then see many calls: the first has the id and the name, the others only pieces of the arguments.
    """
    calls = tool_calls(observation) if observation.form == "stream" else ()
    counts_up = len(calls) > 1 and is_text(calls[0].id) and not any(call.id or call.name for call in calls[1:])
    return f"; its index counts up with each delta, so that one call becomes {len(calls)}" if counts_up else ""


def called(samples: Iterable[Observation]) -> bool:
    """Whether any sample has a tool call."""
    return any(map(tool_calls, samples))


def names(observation: Observation) -> list[str]:
    """The names of the called functions."""
    return [str(call.name) for call in tool_calls(observation)]


def calls_path(choice: Choice) -> str:
    """Where the calls of a choice are: chat has a key for them, responses lists them as items."""
    return "output" if choice.path == "output" else f"{choice.path}.tool_calls"


def function_path(call: ToolCall, key: Literal["name", "arguments"]) -> str:
    """Where a call's name or arguments are: chat nests them in `function` or `custom`, responses does not."""
    kind = "custom" if call.type == "custom" else "function"
    word = "input" if kind == "custom" and key == "arguments" else key
    return f"{call.path}.{kind}.{word}" if is_tool_path(call.path) else f"{call.path}.{word}"
