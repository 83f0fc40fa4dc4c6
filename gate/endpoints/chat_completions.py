"""Chat completions, plain and streamed: https://platform.openai.com/docs/api-reference/chat"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gate.endpoints import (
    changes,
    cumulative,
    doubled,
    is_error,
    member,
    members,
    restarted,
    said_again,
    text_of,
    told_anew,
)
from gate.model import MISSING, Answer, Choice, Endpoint, Fold, Grammar, Json, Kinds, Problem, ToolCall
from gate.wire.shape import show

REASONS = frozenset({"stop", "length", "tool_calls", "content_filter", "function_call"})
_TEXTS = ("content", "reasoning_content", "reasoning", "refusal")
_WORD = {
    "role": "role",
    "content": "content",
    "reasoning_content": "reasoning",
    "reasoning": "reasoning",
    "refusal": "refusal",
    "tool_calls": "tool",
    "function_call": "function",
}
_ORDER = tuple(dict.fromkeys(_WORD.values()))

# One lane for each choice: the role opens it, tokens follow, a finish_reason closes it.
_OPEN = dict.fromkeys(("role", "content", "reasoning", "refusal", "tool", "function", "empty"), "open")
LANES: Grammar = {
    "start": {"role": "open", "empty": "start"},
    "open": {**_OPEN, "finish": "finished"},
    "finished": {"empty": "finished"},
}
# The stream as a whole: metadata first, usage after every choice has finished, then [DONE] and nothing more.
WHOLE: Grammar = {
    "start": {"choice": "answering"},
    "answering": {"choice": "answering", "finished": "ending", "error": "failed"},
    "ending": {"choice": "ending", "finished": "ending", "usage": "ending", "done": "done"},
    "failed": {"done": "done"},
    "done": {},
}


def classify(doc: Json, name: str | None) -> Kinds:
    """What one chunk does, in the order in which a client reads it."""
    if not isinstance(doc, dict):
        return (("invalid", None),)
    found: list[tuple[str, int | None]] = [("error", None)] if is_error(doc, name) else []
    choices = doc.get("choices")
    if isinstance(choices, list) and choices:
        for place, choice in enumerate(choices):
            found += _classify_choice(choice, place)
    elif not doc.get("usage") and not found:
        found.append(("choiceless", None))
    if isinstance(doc.get("usage"), dict):
        found.append(("usage", None))
    return tuple(found)


def _classify_choice(choice: Json, place: int) -> list[tuple[str, int | None]]:
    if not isinstance(choice, dict):
        return [("empty", place)]
    index, delta = choice.get("index"), choice.get("delta")
    lane = index if type(index) is int else place
    kinds = [_WORD[key] for key, value in delta.items() if value and key in _WORD] if isinstance(delta, dict) else []
    if len(kinds) > 1:
        kinds = sorted(set(kinds), key=_ORDER.index)
    if choice.get("finish_reason"):
        kinds.append("finish")
    return [(kind, lane) for kind in kinds or ("empty",)]


# -- the fold -----------------------------------------------------------------------------------


class _Folding:
    """The state of one fold: what a client would have accumulated so far."""

    def __init__(self) -> None:
        self.final: dict[str, Any] = {}
        self.choices: dict[int, dict[str, Any]] = {}
        self.texts: dict[tuple[int, str], list[str]] = {}
        self.begins: dict[int, list[tuple[int, int]]] = {}  # further roles: at which piece of text, in which frame
        self.calls: dict[tuple[int, int], dict[str, Any]] = {}
        self.arguments: dict[tuple[int, int], list[str]] = {}
        self.problems: list[Problem] = []
        self.gaps: list[tuple[int, Problem]] = []

    def problem(self, code: str, path: str, frame: int, detail: str = "") -> None:
        self.problems.append(Problem(code, path, frame, detail))

    def chunk(self, doc: dict[str, Any], frame: int) -> None:
        final = self.final
        for key, value in doc.items():
            if value is not None or key not in final:
                final[key] = value
        for place, choice in enumerate(members(doc, "choices")):
            if isinstance(choice, dict):
                self.choice(choice, place, frame)

    def choice(self, choice: dict[str, Any], place: int, frame: int) -> None:
        index = choice.get("index")
        index = index if type(index) is int else place
        kept = self.choices.setdefault(index, {"index": index, "message": {}})
        for key, value in choice.items():
            if key == "logprobs":
                if value is not None or key not in kept:
                    _join_logprobs(kept, value)
            elif key not in ("index", "delta", "message") and (value or key not in kept):
                if key == "finish_reason" and value and kept.get(key) not in (None, "", value):
                    detail = f"{show(kept[key], 40)}, then {show(value, 40)}"
                    self.problem("finish-changed", f"choices[{index}].finish_reason", frame, detail)
                kept[key] = value
        if isinstance(choice.get("delta"), dict):
            self.delta(choice["delta"], index, kept["message"], frame)

    def delta(self, delta: dict[str, Any], index: int, message: dict[str, Any], frame: int) -> None:
        if delta.get("role") and (index, "content") in self.texts:
            self.begins.setdefault(index, []).append((len(self.texts[index, "content"]), frame))
        for key, value in delta.items():
            if key in _TEXTS and isinstance(value, (str, list)):
                self.texts.setdefault((index, key), []).append(text_of(value))  # a list of parts is S10
                message[key] = ""
            elif key == "tool_calls":
                self.tool_calls(value, index, message, frame)
            elif isinstance(value, list) and isinstance(message.get(key), list):
                message[key] = [*message[key], *value]
            elif key == "function_call" and isinstance(value, dict) and isinstance(message.get(key), dict):
                _join_call(message[key], value)
            elif value not in (None, "") or key not in message:
                message[key] = dict(value) if isinstance(value, dict) else value

    def tool_calls(self, calls: Json, index: int, message: dict[str, Any], frame: int) -> None:
        if not isinstance(calls, list):
            message.setdefault("tool_calls", calls)
            return
        kept = message.get("tool_calls")
        if not isinstance(kept, list):
            kept = message["tool_calls"] = []
        for place, call in enumerate(calls):
            if isinstance(call, dict):
                self.tool_call(call, (index, place), kept, frame)

    def tool_call(self, call: dict[str, Any], at: tuple[int, int], kept: list[Json], frame: int) -> None:
        choice, place = at
        path = f"choices[{choice}].delta.tool_calls[{place}]"
        slot = call.get("index")
        if type(slot) is not int:
            self.problem("tool-index-missing", f"{path}.index", frame)
            slot = self._slot_by_id(call, choice)
        known = self.calls.get((choice, slot))
        if known is None:
            before = sum(c == choice for c, _ in self.calls)
            if not 0 <= slot <= before:
                detail = f"index {slot} after {before} calls"
                self.gaps.append((choice, Problem("tool-index-gap", f"{path}.index", frame, detail)))
            self.head(call, path, frame)
            known = {}
            self.calls[choice, slot] = known
            kept.append(known)
        elif _opens_another(known, call):
            self.problem("tool-index-shared", f"{path}.index", frame, f"index {slot} belongs to {known.get('id')!r}")
        self.fill(known, call, (choice, slot), path, frame)

    def head(self, call: dict[str, Any], path: str, frame: int) -> None:
        """The delta that opens a call must say its id and type: many clients read them only there (TL04, TL11)."""
        for key in ("id", "type"):
            if not (isinstance(call.get(key), str) and call[key]):
                self.problem(f"tool-{key}-missing", f"{path}.{key}", frame)

    def _slot_by_id(self, call: dict[str, Any], choice: int) -> int:
        mine = [slot for c, slot in self.calls if c == choice]
        same = [s for s in mine if call.get("id") and self.calls[choice, s].get("id") == call["id"]]
        starts = bool(member(call.get("function"), "name")) or not mine
        return same[0] if same else max(mine, default=-1) + 1 if starts else mine[-1]

    def fill(self, known: dict[str, Any], call: dict[str, Any], slot: tuple[int, int], path: str, frame: int) -> None:
        identity = call.get("id")
        if known.get("id") and identity and identity != known["id"] and not member(call.get("function"), "name"):
            self.problem("tool-id-changed", f"{path}.id", frame, f"was {known['id']!r}, then {identity!r}")
        for key, value in call.items():
            if key not in ("function", "index") and (
                (value not in (None, "") and not known.get(key)) or key not in known
            ):
                known[key] = value
        if known and call.get("type", "function") not in (None, "function", known.get("type")):
            self.problem("tool-type-odd", f"{path}.type", frame, show(call["type"], 40))
        function = call.get("function")
        if isinstance(function, dict):
            self.function(known.setdefault("function", {}), function, slot, path, frame)

    def function(
        self, known: dict[str, Any], part: dict[str, Any], slot: tuple[int, int], path: str, frame: int
    ) -> None:
        for key, value in part.items():
            before = known.get(key)
            if key == "name" and isinstance(value, str) and value and isinstance(before, str) and before:
                repeated = value == before
                code = "tool-name-repeated" if repeated else "tool-name-split"
                self.problem(code, f"{path}.function.name", frame, repr(value[:80]))
                known["name"] = value if repeated else before + value
            elif key == "arguments" and isinstance(value, str):
                self.arguments.setdefault(slot, []).append(value)
                if known.get("arguments") is None:  # null opens what fragments then fill
                    known["arguments"] = ""
            elif value not in (None, "") or key not in known:
                known[key] = value

    def finish(self) -> dict[str, Any]:
        for (index, key), parts in self.texts.items():
            self.choices[index]["message"][key] = "".join(parts)
            if cumulative(parts):
                self.problem("text-cumulative", f"choices[{index}].delta.{key}", 0, show(parts[:4], 80))
            if said_again(parts) or doubled(parts):
                self.problem("text-repeated", f"choices[{index}].delta.{key}", 0, show("".join(parts), 80))
            begins = self.begins.get(index, []) if key == "content" else []
            # with a role on every chunk (ST08) nothing begins again
            if (once := len(begins) == 1 and restarted(parts, begins[0][0])) or told_anew(parts):
                detail, frame = show("".join(parts)[:60], 80), begins[0][1] if once else 0
                self.problem("text-restarted", f"choices[{index}].delta.{key}", frame, detail)
        for slot, parts in self.arguments.items():
            function = self.calls[slot].get("function")
            if isinstance(function, dict) and isinstance(function.get("arguments"), str):
                function["arguments"] = "".join(parts)
        self.problems += [self._gap(choice, problem) for choice, problem in self.gaps]
        self.final["choices"] = [self.choices[i] for i in sorted(self.choices)]
        if self.final.get("object") == "chat.completion.chunk":
            self.final["object"] = "chat.completion"
        return self.final

    def _gap(self, choice: int, problem: Problem) -> Problem:
        """Once every index from 0 has come, a gap was only another order."""
        slots = {slot for c, slot in self.calls if c == choice}
        return replace(problem, code="tool-index-order") if slots == set(range(len(slots))) else problem


def _opens_another(known: dict[str, Any], call: dict[str, Any]) -> bool:
    """A delta with another id and a name of its own starts a new call under an index that is taken (TL02)."""
    both = bool(call.get("id") and known.get("id") and call["id"] != known["id"])
    return both and bool(member(call.get("function"), "name"))


def _join_call(known: dict[str, Any], part: dict[str, Any]) -> None:
    """The call of old: its name comes once, its arguments in pieces."""
    for key, value in part.items():
        before = known.get(key)
        if key == "arguments" and isinstance(value, str) and isinstance(before, str):
            known[key] = before + value
        elif value not in (None, "") or key not in known:
            known[key] = value


def _join_logprobs(kept: dict[str, Any], value: Json) -> None:
    tokens = kept.get("logprobs")
    if isinstance(value, dict) and isinstance(tokens, dict):
        for key, items in value.items():
            if isinstance(items, list) and isinstance(tokens.get(key), list):
                tokens[key] = [*tokens[key], *items]
    else:
        kept["logprobs"] = dict(value) if isinstance(value, dict) else value


def fold(docs: tuple[tuple[int, Json], ...]) -> Fold:
    """(frame number, chunk) → the chat completion that a client accumulates, and where it would stumble."""
    folding = _Folding()
    for frame, doc in docs:
        if isinstance(doc, dict) and not doc.get("error"):
            folding.chunk(doc, frame)
    return Fold(folding.finish(), (*folding.problems, *changes(docs)))


# -- the reading --------------------------------------------------------------------------------


def read(body: Json) -> Answer:
    """The answer in a chat completion, plain or folded."""
    choices = tuple(_choice(c, i) for i, c in enumerate(members(body, "choices")) if isinstance(c, dict))
    return Answer(body, choices, member(body, "usage"), member(body, "model"), member(body, "id"))


def _choice(choice: dict[str, Any], place: int) -> Choice:
    path, message = f"choices[{place}]", member(choice, "message")
    index = choice.get("index")
    content = member(message, "content")
    reasoning = member(message, "reasoning_content") or member(message, "reasoning")
    return Choice(
        path=f"{path}.message",
        index=index if type(index) is int else place,
        role=member(message, "role"),
        content=content,
        content_path=f"{path}.message.content",
        text=text_of(content),
        reasoning=reasoning if isinstance(reasoning, str) else "",
        refusal=member(message, "refusal"),
        finish=choice.get("finish_reason", MISSING),
        finish_path=f"{path}.finish_reason",
        tool_calls=tuple(_tool_call(c, f"{path}.message.tool_calls[{i}]") for i, c in _calls(message))
        or _function_call(message, f"{path}.message.function_call"),
    )


def _calls(message: Json) -> list[tuple[int, dict[str, Any]]]:
    return [(i, c) for i, c in enumerate(members(message, "tool_calls")) if isinstance(c, dict)]


def _function_call(message: Json, path: str) -> tuple[ToolCall, ...]:
    """The one call of old, which has neither id nor type; an empty stub is none (S29)."""
    call = member(message, "function_call")
    name = member(call, "name")
    return (ToolCall(path, MISSING, "function", name, member(call, "arguments")),) if name else ()


def _tool_call(call: dict[str, Any], path: str) -> ToolCall:
    function = member(call, "function")
    return ToolCall(
        path, member(call, "id"), member(call, "type"), member(function, "name"), member(function, "arguments")
    )


ENDPOINT = Endpoint(
    name="chat.completions",
    path="chat/completions",
    schema="chat.completion",
    chunk_schema="chat.completion.chunk",
    read=read,
    classify=classify,
    fold=fold,
    lanes=LANES,
    whole=WHOLE,
    content=frozenset({"content", "reasoning", "refusal", "tool", "function"}),
    ends=frozenset({"finish"}),
    sentinel="[DONE]",
    reasons=REASONS,
)
