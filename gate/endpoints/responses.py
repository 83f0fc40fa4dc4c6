"""The Responses API, plain and streamed: https://platform.openai.com/docs/api-reference/responses-streaming

Its events name themselves: an event's kind is its `type` less the `response.` in front, and the lane of an item is
its `output_index`. The stream ends with a terminal event; there is no [DONE] (some gateways add one, RS07).
"""

from __future__ import annotations

from typing import Any

from gate.endpoints import member, members, text_of
from gate.model import Answer, Choice, Endpoint, Fold, Grammar, Json, Kinds, Problem, ToolCall

TERMINAL = frozenset({"completed", "incomplete", "failed", "error"})
STATUSES = frozenset({"in_progress", "completed", "incomplete", "failed", "cancelled", "queued"})

# Parts and arguments stand between an item's added and done; text between a part's added and done.
_IN_ITEM = {
    "output_item.done": "closed",
    "content_part.added": "part",
    "function_call_arguments.delta": "arguments",
    "function_call_arguments.done": "item",
}
_REASONING = {
    f"reasoning_{kind}": "item"
    for kind in ("summary_part.added", "summary_part.done", "summary_text.delta", "summary_text.done")
}
LANES: Grammar = {
    "start": {"output_item.added": "item"},
    "item": {**_IN_ITEM, **_REASONING, "reasoning_text.delta": "item", "reasoning_text.done": "item"},
    "arguments": {"function_call_arguments.delta": "arguments", "function_call_arguments.done": "item"},
    "part": {
        "output_text.delta": "part",
        "refusal.delta": "part",
        "reasoning_text.delta": "part",
        "output_text.annotation.added": "part",
        "output_text.done": "part done",
        "refusal.done": "part done",
        "reasoning_text.done": "part done",
    },
    "part done": {"content_part.done": "item", "output_text.annotation.added": "part done"},
    "closed": {},
}
WHOLE: Grammar = {
    "start": {"created": "open", "error": "ended"},
    "open": {"queued": "open", "in_progress": "open", "choice": "open", **dict.fromkeys(TERMINAL, "ended")},
    "ended": {"done": "ended"},
}

_PREFIXED = frozenset(k for table in (LANES, WHOLE) for moves in table.values() for k in moves) - {
    "choice", "done", "error",
}  # fmt: skip


def classify(doc: Json, name: str | None) -> Kinds:
    """The event's own type, with the item that it belongs to."""
    if not isinstance(doc, dict):
        return (("invalid", None),)
    kind = doc.get("type") or name or "untyped"
    lane = doc.get("output_index")
    if not isinstance(kind, str) or (kind == "untyped" and doc.get("error")):
        return (("error", None),)
    return ((_word(kind), lane if type(lane) is int else None),)


def _word(kind: str) -> str:
    """A type without its prefix; one of ours that comes without it stays apart, for no client knows it."""
    short = kind.removeprefix("response.")
    return f"unprefixed {kind}" if short == kind and kind in _PREFIXED else short


def fold(docs: tuple[tuple[int, Json], ...]) -> Fold:
    """The response object of the terminal event; where its parts differ from deltas and done events is a problem."""
    final: Json = {}
    deltas: dict[tuple[Json, Json, str], list[str]] = {}
    problems: list[Problem] = []
    for frame, doc in docs:
        if not isinstance(doc, dict):
            continue
        if isinstance(doc.get("response"), dict):
            final = doc["response"]
            problems += _compare(final, deltas, frame) if _kind(doc) in TERMINAL else []
        elif _kind(doc).endswith(".delta") and isinstance(doc.get("delta"), str):
            deltas.setdefault(_slot(doc), []).append(doc["delta"])
        elif _kind(doc).endswith(("text.done", "refusal.done", "arguments.done")) and _slot(doc) in deltas:
            problems += _done(doc, "".join(deltas[_slot(doc)]), frame)
    return Fold(final, tuple(problems))


def _kind(doc: dict[str, Any]) -> str:
    kind = doc.get("type")
    return kind.removeprefix("response.") if isinstance(kind, str) else ""


def _slot(doc: dict[str, Any]) -> tuple[Json, Json, str]:
    place = (doc.get("output_index"), doc.get("content_index", doc.get("summary_index")))
    index, part = (p if type(p) is int else None for p in place)
    return index, part, _kind(doc).rpartition(".")[0]


def _done(doc: dict[str, Any], text: str, frame: int) -> list[Problem]:
    key = "arguments" if "arguments" in doc else "refusal" if "refusal" in doc else "text"
    said = doc.get(key)
    if not isinstance(said, str) or said == text:
        return []
    return [
        Problem("done-differs-from-deltas", f"{doc.get('type')}.{key}", frame, f"{text[:60]!r}, then {said[:60]!r}")
    ]


def _compare(final: dict[str, Any], deltas: dict[tuple[Json, Json, str], list[str]], frame: int) -> list[Problem]:
    found = []
    for (item, part, kind), pieces in deltas.items():
        said = _said(final, item, part, kind)
        text = "".join(pieces)
        if isinstance(said, str) and said != text:
            detail = f"{text[:60]!r}, then {said[:60]!r}"
            found.append(Problem("completed-differs-from-deltas", f"response.output[].{kind}", frame, detail))
    return found


def _said(final: dict[str, Any], item: Json, part: Json, kind: str) -> Json:
    output = members(final, "output")
    if type(item) is not int or not 0 <= item < len(output):
        return None
    if kind == "function_call_arguments":
        return member(output[item], "arguments")
    parts = members(output[item], "content") if kind in ("output_text", "refusal") else []
    if type(part) is not int or not 0 <= part < len(parts):
        return None
    return member(parts[part], "text" if kind == "output_text" else "refusal")


def read(body: Json) -> Answer:
    """The one answer of a response: the text of its messages, its function calls, its status as the finish."""
    output = [(i, item) for i, item in enumerate(members(body, "output")) if isinstance(item, dict)]
    said = [item for _, item in output if item.get("type") == "message"]
    reasoning = [item for _, item in output if item.get("type") == "reasoning"]
    choice = Choice(
        path="output",
        index=0,
        role=member(said[0], "role") if said else "assistant",
        content=member(said[0], "content") if said else None,
        content_path="output",
        text="".join(text_of(item.get("content")) for item in said),
        reasoning="".join(text_of(item.get("summary")) + text_of(item.get("content")) for item in reasoning),
        refusal=next((p["refusal"] for s in said for p in members(s, "content") if member(p, "refusal")), None),
        finish=_finish(body),
        finish_path="status",
        tool_calls=tuple(_call(item, i) for i, item in output if item.get("type") == "function_call"),
    )
    choices = (choice,) if isinstance(body, dict) and "output" in body else ()
    return Answer(body, choices, member(body, "usage"), member(body, "model"), member(body, "id"))


def _finish(body: Json) -> Json:
    """`incomplete` for its reason's sake reads as the reason: max_output_tokens or content_filter."""
    reason = member(member(body, "incomplete_details"), "reason")
    return reason or member(body, "status")


def _call(item: dict[str, Any], place: int) -> ToolCall:
    path = f"output[{place}]"
    return ToolCall(path, member(item, "call_id"), "function", member(item, "name"), member(item, "arguments"))


ENDPOINT = Endpoint(
    name="responses",
    path="responses",
    schema="response",
    chunk_schema="response.event",
    read=read,
    classify=classify,
    fold=fold,
    lanes=LANES,
    whole=WHOLE,
    content=frozenset({"output_text.delta", "refusal.delta", "function_call_arguments.delta", "reasoning_text.delta"}),
    ends=TERMINAL,
    reasons=STATUSES | {"max_output_tokens", "content_filter"},
    answer_at="response",
    typed=True,
)
