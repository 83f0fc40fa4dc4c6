"""What the tool rules share: where calls lie, what they lack, and what no golden sample showed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from gate.model import MISSING, Choice, Json, Observation, Problem, ProblemCode, Samples, ToolCall
from gate.observe.answer import answered, choices, is_tool_path, occurrences, tool_calls

CUT = frozenset({"length", "content_filter", "max_output_tokens"})
Place = tuple[int | None, int | None]
"""Frame number and byte offset of an event."""


def place(found: Observation, frame: int | None) -> Place:
    """The frame with its byte; frames are numbered from 0, one for each event."""
    event = found.events[frame] if frame is not None and frame < len(found.events) else None
    return (event.frame.number, event.frame.start) if event else (None, None)


def first_call(found: Observation) -> Place:
    """The event of a stream that opens the first tool call."""
    opened = occurrences(found, "tool") if found.form == "stream" else []
    return place(found, opened[0][0].frame.number) if opened else (None, None)


def problems(golden: Samples, found: Observation, *codes: ProblemCode) -> Iterator[Problem]:
    """The first problem of each code that no golden sample has, in the order of the codes."""
    mine = {p.code: p for p in reversed(found.problems)} if answered(found) else {}
    if mine:
        excused = {p.code for g in golden for p in g.problems}
        yield from (mine[code] for code in codes if code in mine and code not in excused)


def is_text(value: Json) -> bool:
    """A string with something in it."""
    return isinstance(value, str) and bool(value)


def lacking(found: Observation, key: Literal["id", "type"]) -> Iterator[tuple[str, Json, Place]]:
    """(path, value, place) of each call that does not say its id or type at once."""
    late = [p for p in found.problems if p.code == f"tool-{key}-missing"]
    for problem in late:
        yield problem.path, MISSING, place(found, problem.frame)
    for call in () if late else tool_calls(found):
        value: Json = getattr(call, key)
        # what a response lacks its schema says already; there only an empty id is left to tell
        if not is_text(value) and (is_tool_path(call.path) or value is not MISSING):
            name = key if is_tool_path(call.path) else f"call_{key}"
            yield f"{call.path}.{name}", value, first_call(found)


def calls(found: Observation) -> Iterator[tuple[Choice, ToolCall]]:
    """Each call of an answer with its choice."""
    for choice in choices(found) if answered(found) else ():
        for call in choice.tool_calls:
            yield choice, call


def whole_calls(found: Observation) -> Iterator[ToolCall]:
    """The calls that came to their end: not cut by a limit, by a filter or by the end of the stream."""
    for choice, call in calls(found):
        if is_text(choice.finish) and choice.finish not in CUT and not merged(found):
            yield call


def merged(found: Observation) -> bool:
    """Indexes that are missing or shared have run calls into each other; all else follows from that."""
    return any(p.code in (ProblemCode.TOOL_INDEX_MISSING, ProblemCode.TOOL_INDEX_SHARED) for p in found.problems)


def called(samples: Samples) -> bool:
    """Whether any sample shows a tool call."""
    return any(tool_calls(sample) for sample in samples)


def function_path(call: ToolCall, key: str) -> str:
    """Where a call's `name` or `arguments` stands: chat nests them in `function`, responses does not."""
    return f"{call.path}.function.{key}" if is_tool_path(call.path) else f"{call.path}.{key}"
