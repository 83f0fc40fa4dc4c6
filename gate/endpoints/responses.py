"""The Responses API, plain and streamed: https://platform.openai.com/docs/api-reference/responses-streaming

An event's kind is its `type` without the prefix `response.`, and the lane of an item is its `output_index`. The stream
ends with a terminal event; there is no [DONE] (some gateways add one, RS07).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.endpoints import _fields, member, members, objects, text_of
from gate.endpoints._fold import changes, text_problems
from gate.model import Answer, Choice, Endpoint, Fold, Grammar, Json, Kinds, Problem, ProblemCode, ToolCall
from gate.wire.shape import show

TERMINAL = frozenset({"completed", "incomplete", "failed", "error"})
# The families of https://platform.openai.com/docs/api-reference/responses-streaming, by their endings: tools come anew.
# OpenAI itself sends `keepalive` without the prefix.
VOCABULARY = (
    r"created|queued|in_progress|completed|incomplete|failed|cancelled|error|keepalive|done|rate_limits"
    r"|.+\.(?:added|delta|done)|(?:\w+_call|mcp_list_tools)\.\w+|unprefixed .+"
)
# https://platform.openai.com/docs/api-reference/responses/object#responses/object-status
STATUSES = frozenset({"in_progress", "completed", "incomplete", "failed", "cancelled", "queued"})

# Parts and arguments stand between an item's added and done; text between a part's added and done.
_IN_ITEM = {
    "output_item.done": "closed",
    "content_part.added": "part",
    "function_call_arguments.delta": "arguments",
    "function_call_arguments.done": "item",
    "custom_tool_call_input.delta": "input",
    "custom_tool_call_input.done": "item",
    "mcp_call_arguments.delta": "item",
    "mcp_call_arguments.done": "item",
}
_REASONING = {
    f"reasoning_{kind}": "item"
    for kind in ("summary_part.added", "summary_part.done", "summary_text.delta", "summary_text.done")
}
LANES: Grammar = {
    "start": {"output_item.added": "item"},
    "item": {**_IN_ITEM, **_REASONING, "reasoning_text.delta": "item", "reasoning_text.done": "item"},
    "arguments": {"function_call_arguments.delta": "arguments", "function_call_arguments.done": "item"},
    "input": {"custom_tool_call_input.delta": "input", "custom_tool_call_input.done": "item"},
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
    # an event of an item after its output_item.done: clients have handed the item on by then
    "closed": {},
}
WHOLE: Grammar = {
    # queued and in_progress may come or not (B37); an error may come before any response exists
    "start": {"created": "open", "error": "ended"},
    "open": {"queued": "open", "in_progress": "open", "choice": "open", **dict.fromkeys(TERMINAL, "ended")},
    # the API has no [DONE]; gateways that add one (RS07, B37) break no client
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
    # a gateway that forwards chat's `{"error": …}` on this endpoint: the event has neither type nor name
    if not isinstance(kind, str) or (kind == "untyped" and doc.get("error")):
        return (("error", None),)
    return ((_word(kind), lane if type(lane) is int else None),)


def _word(kind: str) -> str:
    """A type without its prefix; a known one that came without it is told apart, because no client knows it."""
    short = kind.removeprefix("response.")
    return f"unprefixed {kind}" if short == kind and kind in _PREFIXED else short


# what the responses of one stream say alike
_ONCE = {"id": ProblemCode.ID_CHANGED, "created_at": ProblemCode.CREATED_CHANGED, "model": ProblemCode.MODEL_CHANGED}


class _Folding:
    """The state of one fold: ids of items, texts of their deltas, and the problems between them and final events."""

    def __init__(self) -> None:
        self.final: Json = {}
        self.added: dict[int, dict[str, Any]] = {}
        self.shared: set[Json] = set()  # indexes of more than one item: other problems there follow from that
        self.items: dict[int, Json] = {}
        self.parts: dict[Json, set[Json]] = {}  # by the item's index: the indexes of the parts that were added
        self.deltas: dict[tuple[Json, Json, str], list[str]] = {}
        self.opened: dict[tuple[Json, Json, str], tuple[str, int]] = {}  # the text that an item or a part began with
        self.problems: list[Problem] = []

    def problem(self, code: ProblemCode, path: str, frame: int, before: Json, now: Json) -> None:
        self.problems.append(Problem(code, path, frame, f"{show(before, 60)}, then {show(now, 60)}"))

    def event(self, doc: dict[str, Any], frame: int) -> None:
        kind = _kind(doc)
        if isinstance(doc.get("response"), dict):
            self.response(doc["response"], kind, frame)
        elif kind.endswith(".delta") and isinstance(doc.get("delta"), str):
            self.deltas.setdefault(_slot(doc), []).append(doc["delta"])
            self.check_part(doc, frame)
        elif kind == "content_part.added":
            index, number, _ = _slot(doc)
            self.parts.setdefault(index, set()).add(number)
            for kind, key in _PARTS.items():
                self.open((index, number, kind), member(doc.get("part"), key), frame)
        elif kind.endswith(("text.done", "refusal.done", "arguments.done", "input.done", "code.done")):
            self.done(doc, frame)
        elif kind in ("output_item.added", "output_item.done") and isinstance(doc.get("item"), dict):
            self.item(doc["item"], doc.get("output_index"), kind, frame)
        elif kind in ("content_part.done", "reasoning_summary_part.done") and isinstance(doc.get("part"), dict):
            self.part_done(doc, frame)
        self.check_id(doc, frame)

    def response(self, response: dict[str, Any], kind: str, frame: int) -> None:
        self.final = response
        # created and in_progress have the response as well, with an empty output: no contradiction
        if kind not in TERMINAL:
            return
        output = members(response, "output")
        # an item that is left out shifts all that follow: then places do not tell which is which
        same = [member(self.items.get(place), "type") == member(item, "type") for place, item in enumerate(output)]
        for place, item in enumerate(output):
            self.compare_item(item, place, frame, "response.output[]")
            if all(same) and len(output) == len(self.items):
                self.compare_head(self.items[place], item, place, frame, "response.output[]")
        if self.items and response.get("output") == []:
            # the backend of Codex does so: its clients collect the items of output_item.done
            detail = f"{len(self.items)} items in the events before"
            self.problems.append(Problem(ProblemCode.COMPLETED_WITHOUT_ITEMS, "response.output", frame, detail))
            self.final = {**response, "output": [self.items[place] for place in sorted(self.items)]}

    def done(self, doc: dict[str, Any], frame: int) -> None:
        key = next((key for key in ("arguments", "refusal", "input", "code") if key in doc), "text")
        self.compare(_slot(doc), doc.get(key), f"{doc.get('type')}.{key}", frame)

    def part_done(self, doc: dict[str, Any], frame: int) -> None:
        index, number, kind = _slot(doc)
        self.compare_part(doc["part"], index, number, frame, f"response.{kind}.done.part")

    def compare(self, slot: tuple[Json, Json, str], final: Json, path: str, frame: int) -> None:
        """Compares a final text with its deltas."""
        # without deltas there is nothing to contradict: RS04's streams, where lifecycle-events-missing speaks
        text = "".join(self.deltas.get(slot, ()))
        if slot in self.deltas and isinstance(final, str) and final != text and slot[0] not in self.shared:
            self.problem(ProblemCode.DONE_DIFFERS_FROM_DELTAS, path, frame, text[:60], final[:60])

    def open(self, slot: tuple[Json, Json, str], text: Json, frame: int) -> None:
        if isinstance(text, str) and text:
            self.opened.setdefault(slot, (text, frame))

    def opened_whole(self) -> Iterator[Problem]:
        """What began with its text and got the same text in deltas: who adds them to what is there has it twice."""
        for slot, (text, frame) in self.opened.items():
            if text == "".join(self.deltas.get(slot, ())) and slot[0] not in self.shared:
                yield Problem(ProblemCode.OPENED_WHOLE, _path(*slot) or slot[2], frame, show(text, 60))

    def item(self, item: dict[str, Any], place: Json, kind: str, frame: int) -> None:
        if type(place) is not int:
            return
        if kind == "output_item.added":
            # all items at output_index 0 is one mistake: its consequences for ids, names and texts stay unreported
            if place in self.added and place not in self.shared:
                self.problem(
                    ProblemCode.ITEM_INDEX_SHARED, "output_index", frame, self.added[place].get("id"), item.get("id")
                )
                self.shared.add(place)
            self.added.setdefault(place, item)
            for kind, key in _WHOLE_TEXTS.items():
                self.open((place, None, kind), item.get(key), frame)
            return
        self.items[place] = item
        self.compare_head(self.added.get(place, item), item, place, frame, "response.output_item.done.item")
        self.compare_item(item, place, frame, "response.output_item.done.item")

    def compare_head(self, before: Json, item: Json, place: int, frame: int, path: str) -> None:
        """Compares what clients copied of an earlier event: call_id answers the call, name chooses the function."""
        for key in ("type", "name", "call_id", "id"):
            one, other = member(before, key), member(item, key)
            if one and other and one != other and place not in self.shared:
                code = ProblemCode.ID_CHANGED if key == "id" else ProblemCode.ITEM_CHANGED
                self.problem(code, f"{path}.{key}", frame, one, other)

    def compare_item(self, item: Json, place: Json, frame: int, path: str) -> None:
        """Compares the texts and arguments of a finished item with its deltas."""
        for kind, key in _WHOLE_TEXTS.items():
            self.compare((place, None, kind), member(item, key), f"{path}.{key}", frame)
        for key in ("content", "summary"):
            for number, part in enumerate(members(item, key)):
                self.compare_part(part, place, number, frame, f"{path}.{key}[]")

    def compare_part(self, part: Json, place: Json, number: Json, frame: int, path: str) -> None:
        """Compares the text of a finished part with its deltas."""
        summary = member(part, "type") == "summary_text"
        for kind in ("reasoning_summary_text",) if summary else ("output_text", "refusal", "reasoning_text"):
            key = "refusal" if kind == "refusal" else "text"
            self.compare((place, number, kind), member(part, key), f"{path}.{key}", frame)

    def check_part(self, doc: dict[str, Any], frame: int) -> None:
        """Checks that a delta names a part that was added: clients look it up by its index."""
        index, number, kind = _slot(doc)
        added = self.parts.get(index)
        # only where some part was added: a route that never opens parts is RS04's
        if kind in ("output_text", "refusal") and added and number not in added:
            self.problem(ProblemCode.ITEM_CHANGED, "content_index", frame, sorted(map(str, added))[0], number)

    def check_id(self, doc: dict[str, Any], frame: int) -> None:
        """Checks that an event names its item by the id it was added with."""
        place, item_id = doc.get("output_index"), doc.get("item_id")
        opened = self.added.get(place, {}).get("id") if type(place) is int and place not in self.shared else None
        if opened and item_id and item_id != opened:
            self.problem(ProblemCode.ID_CHANGED, "item_id", frame, opened, item_id)


def fold(docs: tuple[tuple[int, Json], ...]) -> Fold:
    """(frame number, event) → the response object of the terminal event, and where it differs from its deltas."""
    folding = _Folding()
    for frame, doc in docs:
        if isinstance(doc, dict):
            folding.event(doc, frame)
    pieces = {path: tuple(parts) for slot, parts in folding.deltas.items() if (path := _path(*slot))}
    repeats = (problem for path, parts in pieces.items() for problem in text_problems(parts, path))
    responses = ((frame, doc["response"]) for frame, doc in docs if isinstance(member(doc, "response"), dict))
    return Fold(
        folding.final,
        (*changes(responses, _ONCE, "response."), *folding.problems, *folding.opened_whole(), *repeats),
        pieces,
    )


# where the deltas of an event type end up in an item of the output
_MEMBERS = {
    "output_text": "content[{part}].text",
    "refusal": "content[{part}].refusal",
    "reasoning_text": "content[{part}].text",
    "reasoning_summary_text": "summary[{part}].text",
    "function_call_arguments": "arguments",
    "mcp_call_arguments": "arguments",
    "custom_tool_call_input": "input",
    "code_interpreter_call_code": "code",
}


# the texts of the parts of a message
_PARTS = {"output_text": "text", "refusal": "refusal"}
# those that are no part of a list
_WHOLE_TEXTS = {kind: where for kind, where in _MEMBERS.items() if "[" not in where}


def _path(item: Json, part: Json, kind: str) -> str:
    """The path of a text in the final response; "" where its deltas do not say which item they belong to."""
    known = kind in _MEMBERS and item is not None
    return f"output[{item}].{_MEMBERS[kind].format(part=part or 0)}" if known else ""


def _kind(doc: dict[str, Any]) -> str:
    kind = doc.get("type")
    return kind.removeprefix("response.") if isinstance(kind, str) else ""


def _slot(doc: dict[str, Any]) -> tuple[Json, Json, str]:
    place = (doc.get("output_index"), doc.get("content_index", doc.get("summary_index")))
    index, part = (p if type(p) is int else None for p in place)
    return index, part, _kind(doc).rpartition(".")[0]


def read(body: Json) -> Answer:
    """The one choice of a response: the text of its messages, its function calls, its status as the finish."""
    output = objects(body, "output")
    messages = [item for _, item in output if item.get("type") == "message"]
    reasoning = [item for _, item in output if item.get("type") == "reasoning"]
    choice = Choice(
        path="output",
        index=0,
        role=member(messages[0], "role") if messages else "assistant",
        content=member(messages[0], "content") if messages else None,
        content_path="output",
        text="".join(text_of(item.get("content")) for item in messages),
        reasoning="".join(text_of(item.get("summary")) + text_of(item.get("content")) for item in reasoning),
        refusal=next((p["refusal"] for s in messages for p in members(s, "content") if member(p, "refusal")), None),
        finish=_finish(body),
        finish_path="status",
        tool_calls=tuple(_call(item, i) for i, item in output if item.get("type") in CALLS),
    )
    choices = (choice,) if isinstance(body, dict) and "output" in body else ()
    return Answer(body, choices, member(body, "usage"), member(body, "model"), member(body, "id"))


def _finish(body: Json) -> Json:
    """The status; for `incomplete` its reason, max_output_tokens or content_filter."""
    reason = member(member(body, "incomplete_details"), "reason")
    return reason or member(body, "status")


def is_for_client(item: Json) -> bool:
    """Whether an output item asks the client to act (`local_shell_call`, `mcp_approval_request`) beside function calls.

    https://platform.openai.com/docs/api-reference/responses/object#responses/object-output
    """
    kind = member(item, "type")
    return isinstance(kind, str) and kind.endswith(_FOR_CLIENT) and kind not in _NOT_FOR_CLIENT


# By the ending: a list of names would miss the tools that the API adds.
_FOR_CLIENT = ("_call", "_approval_request")
# function calls and custom tools are calls of their own; the others are tools that the provider runs itself
_NOT_FOR_CLIENT = frozenset({
    "function_call", "custom_tool_call", "web_search_call", "file_search_call", "code_interpreter_call", "mcp_call",
})  # fmt: skip


# a tuple: a type may be any JSON value, so it may have no hash
CALLS = ("function_call", "custom_tool_call")


def _call(item: dict[str, Any], place: int) -> ToolCall:
    path = f"output[{place}]"
    if item.get("type") == "custom_tool_call":
        return ToolCall(path, member(item, "call_id"), "custom", member(item, "name"), member(item, "input"))
    return ToolCall(path, member(item, "call_id"), "function", member(item, "name"), member(item, "arguments"))


_TEXTS = ("output_text", "refusal", "function_call_arguments", "custom_tool_call_input", "reasoning_text")

ENDPOINT = Endpoint(
    name="responses",
    path="responses",
    schema="response",
    chunk_schema="response.event",
    read=read,
    fields=_fields.RESPONSE,
    classify=classify,
    fold=fold,
    lanes=LANES,
    whole=WHOLE,
    content=frozenset(f"{text}.delta" for text in _TEXTS),
    ends=TERMINAL,
    reasons=STATUSES | {"max_output_tokens", "content_filter"},
    vocabulary=VOCABULARY,
    answer_at="response",
    texts={
        "output[].content[].text": "answer",
        "output[].content[].refusal": "refusal",
        "output[].<reasoning>.content[].text": "reasoning",
        "output[].<reasoning>.summary[].text": "reasoning",
        "output[].arguments": "arguments",
        "output[].input": "input",
        "output[].code": "code",
    },
    media=("output[].<image_generation_call>.result",),
    media_events=("partial_image_b64",),
    typed=True,
)
