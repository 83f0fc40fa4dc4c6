"""Chat completions, plain and streamed: https://platform.openai.com/docs/api-reference/chat"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gate.endpoints import _fields, is_error, objects, text_of
from gate.endpoints._calls import BODIES, blanks, body_blanks, body_of, is_named
from gate.endpoints._chat_answer import REASONING, read
from gate.endpoints._fold import (
    WHOLE,
    changes,
    fragment_problems,
    index_of,
    join_logprobs,
    restarted,
    text_problems,
)
from gate.model import Endpoint, Fold, Grammar, Json, Kinds, Problem, ProblemCode
from gate.wire.shape import show

_TEXTS = ("content", "refusal", *REASONING)
_WORD = {
    "role": "role",
    "content": "content",
    **dict.fromkeys(REASONING, "reasoning"),
    "refusal": "refusal",
    "tool_calls": "tool",
    "function_call": "function",
}
_ORDER = tuple(dict.fromkeys(_WORD.values()))

# One lane for each choice: the role opens it, tokens follow, a finish_reason closes it.
_OPEN = dict.fromkeys(("role", "content", "reasoning", "refusal", "tool", "function", "empty"), "open")
LANES: Grammar = {
    # a choice without a delta (ST03, Azure's asynchronous filter), or a gateway's placeholder (ST10), opens nothing
    "start": {"role": "open", "empty": "start"},
    "open": {**_OPEN, "finish": "finished"},
    # B13's neighbour: some servers flush one empty delta after the finish (row of finish-reason-early)
    "finished": {"empty": "finished"},
}


def classify(doc: Json, name: str | None) -> Kinds:
    """What one chunk does, in the order in which a client reads it."""
    if not isinstance(doc, dict):
        return (("invalid", None),)
    kinds: list[tuple[str, int | None]] = [("error", None)] if is_error(doc, name) else []
    choices = doc.get("choices")
    if isinstance(choices, list) and choices:
        for place, choice in enumerate(choices):
            kinds += _classify_choice(choice, place)
    # Azure's first frame (ST01); with a usage it is the chunk that include_usage asks for
    elif not doc.get("usage") and not kinds:
        kinds.append(("choiceless", None))
    if isinstance(doc.get("usage"), dict):
        kinds.append(("usage", None))
    return tuple(kinds)


def _classify_choice(choice: Json, place: int) -> list[tuple[str, int | None]]:
    if not isinstance(choice, dict):
        return [("empty", place)]
    delta = choice.get("delta")
    kinds = [_WORD[key] for key, value in delta.items() if value and key in _WORD] if isinstance(delta, dict) else []
    if len(kinds) > 1:
        kinds = sorted(set(kinds), key=_ORDER.index)
    # "" is no finish: some routes have it on each chunk in place of null (ST11)
    if choice.get("finish_reason"):
        kinds.append("finish")
    return [(kind, index_of(choice, place)) for kind in kinds or ("empty",)]


# -- the fold -----------------------------------------------------------------------------------


_Slot = tuple[int, int | None]
"""The index of a choice, and that of a call in it; None is the legacy `function_call`, which has no index."""


class _Folding:
    """The state of one fold: what a client has accumulated so far, and the problems it met."""

    def __init__(self) -> None:
        self.final: dict[str, Any] = {}
        self.choices: dict[int, dict[str, Any]] = {}
        self.texts: dict[tuple[int, str], list[str]] = {}
        self.begins: dict[int, list[tuple[int, int]]] = {}  # per further role: number of the piece of text, frame
        self.calls: dict[_Slot, dict[str, Any]] = {}
        self.arguments: dict[_Slot, dict[str, list[str]]] = {}  # by the path of the text within its call
        self.problems: list[Problem] = []
        self.gaps: list[tuple[int, Problem]] = []
        self.late: list[tuple[_Slot, Problem]] = []  # calls that opened without a name

    def problem(self, code: ProblemCode, path: str, frame: int, detail: str = "") -> None:
        self.problems.append(Problem(code, path, frame, detail))

    def chunk(self, doc: dict[str, Any], frame: int) -> None:
        final = self.final
        for key, value in doc.items():
            if value is not None or key not in final:
                final[key] = value
        for place, choice in objects(doc, "choices"):
            self.choice(choice, index_of(choice, place), frame)

    def choice(self, choice: dict[str, Any], index: int, frame: int) -> None:
        folded = self.choices.setdefault(index, {"index": index, "message": {}})
        for key, value in choice.items():
            if key == "logprobs":
                folded[key] = join_logprobs(folded.get(key), value)
            elif key not in ("index", "delta", "message") and (value or key not in folded):
                # null and "" come before the value on every route; only two values contradict each other
                if key == "finish_reason" and value and folded.get(key) not in (None, "", value):
                    detail = f"{show(folded[key], 40)}, then {show(value, 40)}"
                    self.problem(ProblemCode.FINISH_CHANGED, f"choices[{index}].finish_reason", frame, detail)
                folded[key] = value
        if isinstance(choice.get("delta"), dict):
            self.delta(choice["delta"], index, folded["message"], frame)

    def delta(self, delta: dict[str, Any], index: int, message: dict[str, Any], frame: int) -> None:
        # a role after text: a gateway that asked its upstream again forwards a second answer from its start
        if delta.get("role") and (index, "content") in self.texts:
            self.begins.setdefault(index, []).append((len(self.texts[index, "content"]), frame))
        for key, value in delta.items():
            if key in _TEXTS and isinstance(value, (str, list)):
                # a list of parts is S10: joined here, so that other rules still see the text
                self.texts.setdefault((index, key), []).append(text_of(value))
                message[key] = ""
            elif key == "tool_calls":
                self.tool_calls(value, index, message, frame)
            # lists other than calls (annotations, images) are collected over the deltas, as SDKs' accumulators do
            elif isinstance(value, list) and isinstance(message.get(key), list):
                message[key] = [*message[key], *value]
            elif key == "function_call" and isinstance(value, dict):
                self.legacy(value, index, message, frame)
            elif value not in (None, "") or key not in message:
                message[key] = dict(value) if isinstance(value, dict) else value

    def tool_calls(self, calls: Json, index: int, message: dict[str, Any], frame: int) -> None:
        if not isinstance(calls, list):
            message.setdefault("tool_calls", calls)
            return
        folded = message.get("tool_calls")
        if not isinstance(folded, list):
            folded = message["tool_calls"] = []
        for place, call in enumerate(calls):
            if isinstance(call, dict):
                self.tool_call(call, (index, place), folded, frame)
            else:
                path = f"choices[{index}].delta.tool_calls[{place}]"
                self.problem(ProblemCode.TOOL_FUNCTION_BARE, path, frame, show(call, 60))

    def legacy(self, part: dict[str, Any], index: int, message: dict[str, Any], frame: int) -> None:
        """A delta of `function_call`, which is a call without id, type and index."""
        path, slot = f"choices[{index}].delta.function_call", (index, None)
        known = self.calls.get(slot)
        if known is None:
            known = self.calls[slot] = {"function": {}}
            # null, which comes before it, goes
            message["function_call"] = known["function"]
            if not is_named({"function": part}):
                self.late.append((slot, Problem(ProblemCode.TOOL_NAME_LATE, f"{path}.name", frame)))
        else:
            self.problems += body_blanks(known, part, path, frame)
        self.body(known["function"], part, (slot, "function"), path, frame)

    def tool_call(self, call: dict[str, Any], at: tuple[int, int], folded: list[Json], frame: int) -> None:
        choice, place = at
        path = f"choices[{choice}].delta.tool_calls[{place}]"
        slot = call.get("index")
        # TL01. What comes then goes by its id, or by a name that opens a call, as lenient clients do.
        if type(slot) is not int:
            self.problem(ProblemCode.TOOL_INDEX_MISSING, f"{path}.index", frame)
            slot = self._slot_by_id(call, choice)
        known = self.calls.get((choice, slot))
        if known is None:
            before = len(self.slots(choice))
            # -1 and 1 came as first index (rows of tool-index); openai-python reads tool_calls[index] of its list so
            # far.
            if not 0 <= slot <= before:
                detail = f"index {slot} after {before} calls"
                self.gaps.append((choice, Problem(ProblemCode.TOOL_INDEX_GAP, f"{path}.index", frame, detail)))
            self.head(call, (choice, slot), path, frame)
            known = {}
            self.calls[choice, slot] = known
            folded.append(known)
        elif _opens_another(known, call):
            self.problem(
                ProblemCode.TOOL_INDEX_SHARED, f"{path}.index", frame, f"index {slot} belongs to {known.get('id')!r}"
            )
        else:
            self.problems += blanks(known, call, path, frame)
        self.fill(known, call, (choice, slot), path, frame)

    def slots(self, choice: int) -> list[int]:
        """The indexes of a choice's calls so far, in the order in which they came."""
        return [slot for c, slot in self.calls if c == choice and slot is not None]

    def head(self, call: dict[str, Any], at: _Slot, path: str, frame: int) -> None:
        """The first delta of a call must have its id, type and name: many clients read them only there (TL04, TL11)."""
        for key, code in (("id", ProblemCode.TOOL_ID_MISSING), ("type", ProblemCode.TOOL_TYPE_MISSING)):
            if not (isinstance(call.get(key), str) and call[key]):
                self.problem(code, f"{path}.{key}", frame)
        if not is_named(call):
            where = f"{path}.{body_of(call)[0]}.name"
            self.late.append((at, Problem(ProblemCode.TOOL_NAME_LATE, where, frame)))

    def _slot_by_id(self, call: dict[str, Any], choice: int) -> int:
        slots = self.slots(choice)
        same = [s for s in slots if call.get("id") and self.calls[choice, s].get("id") == call["id"]]
        starts = is_named(call) or not slots
        return same[0] if same else max(slots, default=-1) + 1 if starts else slots[-1]

    def fill(self, known: dict[str, Any], call: dict[str, Any], slot: _Slot, path: str, frame: int) -> None:
        identity = call.get("id")
        # with a name it is another call under a used index: TOOL_INDEX_SHARED reports that (TL02)
        if known.get("id") and identity and identity != known["id"] and not is_named(call):
            self.problem(ProblemCode.TOOL_ID_CHANGED, f"{path}.id", frame, f"was {known['id']!r}, then {identity!r}")
        for key, value in call.items():
            if key in BODIES:
                if isinstance(value, dict):
                    self.body(known.setdefault(key, {}), value, (slot, key), f"{path}.{key}", frame)
            elif key != "index" and ((value not in (None, "") and not known.get(key)) or key not in known):
                known[key] = dict(value) if isinstance(value, dict) else value
        if known and call.get("type", "function") not in (None, "function", known.get("type")):
            self.problem(ProblemCode.TOOL_TYPE_ODD, f"{path}.type", frame, show(call["type"], 40))

    def body(self, known: dict[str, Any], part: dict[str, Any], at: tuple[_Slot, str], path: str, frame: int) -> None:
        """What a delta says of its function or of its custom tool: a name once, its text in pieces."""
        slot, kind = at
        for key, value in part.items():
            before = known.get(key)
            if key == "name" and isinstance(value, str) and value and isinstance(before, str) and before:
                # the whole name again (TL08) is dropped, a piece (TL09) appended: the call gets the name that was meant
                repeated = value == before
                code = ProblemCode.TOOL_NAME_REPEATED if repeated else ProblemCode.TOOL_NAME_SPLIT
                self.problem(code, f"{path}.name", frame, repr(value[:80]))
                known["name"] = value if repeated else before + value
            elif key == BODIES[kind] and isinstance(value, str):
                # joined once at the end: adding to a string each time is quadratic for long arguments
                self.arguments.setdefault(slot, {}).setdefault(kind, []).append(value)
                if known.get(key) is None:  # null opens what fragments then fill
                    known[key] = ""
            elif value not in (None, "") or key not in known:
                known[key] = value

    def pieces(self) -> dict[str, tuple[str, ...]]:
        """The deltas of each text and of the arguments of each call, by the path in the final answer."""
        places = {index: place for place, index in enumerate(sorted(self.choices))}
        calls: dict[int, list[int]] = {}
        for choice, slot in self.calls:
            calls.setdefault(choice, []).extend(() if slot is None else (slot,))
        texts = {f"choices[{places[i]}].message.{key}": tuple(parts) for (i, key), parts in self.texts.items()}
        for (i, slot), bodies in self.arguments.items():
            for kind, parts in bodies.items():
                call = "function_call" if slot is None else f"tool_calls[{calls[i].index(slot)}].{kind}"
                texts[f"choices[{places[i]}].message.{call}.{BODIES[kind]}"] = tuple(parts)
        return texts

    def finish(self) -> dict[str, Any]:
        for (index, key), parts in self.texts.items():
            self.choices[index]["message"][key] = "".join(parts)
            found = list(text_problems(parts, f"choices[{index}].delta.{key}"))
            self.problems += found
            begins = self.begins.get(index, []) if key == "content" else []
            # a role on every chunk (ST08) is no restart
            once = len(begins) == 1 and restarted(parts, begins[0][0])
            if once and not any(problem.code is ProblemCode.TEXT_RESTARTED for problem in found):
                detail, frame = show("".join(parts)[:60], 80), begins[0][1]
                self.problem(ProblemCode.TEXT_RESTARTED, f"choices[{index}].delta.{key}", frame, detail)
        for slot, bodies in self.arguments.items():
            for kind, parts in bodies.items():
                body, text = self.calls[slot][kind], BODIES[kind]
                # what a model wrote in JSON is judged as JSON; the input of a custom tool is any text
                problems = text_problems if kind == "custom" else fragment_problems
                self.problems += problems(parts, _path(slot, kind))
                # an object after text fragments replaced them (TL13): it stays, for tool-arguments-not-text to see
                if isinstance(body[text], str):
                    body[text] = "".join(parts)
        self.problems += [self._gap(choice, problem) for choice, problem in self.gaps]
        # a name that never comes is tool-name-missing's
        self.problems += [problem for at, problem in self.late if is_named(self.calls[at])]
        self.final["choices"] = [self.choices[i] for i in sorted(self.choices)]
        # only the right word is translated: a wrong one (S03) stays wrong in the folded answer
        if self.final.get("object") == "chat.completion.chunk":
            self.final["object"] = "chat.completion"
        return self.final

    def _gap(self, choice: int, problem: Problem) -> Problem:
        """A gap that later calls filled is only another order."""
        slots = set(self.slots(choice))
        return replace(problem, code=ProblemCode.TOOL_INDEX_ORDER) if slots == set(range(len(slots))) else problem


def _opens_another(known: dict[str, Any], call: dict[str, Any]) -> bool:
    """Whether a delta starts a new call under an index in use: it has another id and a name (TL02)."""
    both = bool(call.get("id") and known.get("id") and call["id"] != known["id"])
    return both and is_named(call)


def fold(docs: tuple[tuple[int, Json], ...]) -> Fold:
    """(frame number, chunk) → the chat completion that a client accumulates, and the problems on the way."""
    folding = _Folding()
    for frame, doc in docs:
        # OpenRouter's error chunk has a choice with finish_reason "error" (ER08): it is no part of the answer
        if isinstance(doc, dict) and not doc.get("error"):
            folding.chunk(doc, frame)
    final = folding.finish()
    return Fold(final, (*folding.problems, *changes(docs)), folding.pieces())


def _path(slot: _Slot, kind: str) -> str:
    """The path of a call's text in the deltas."""
    choice, call = slot
    body = "function_call" if call is None else f"tool_calls[{call}].{kind}"
    return f"choices[{choice}].delta.{body}.{BODIES[kind]}"


ENDPOINT = Endpoint(
    name="chat.completions",
    path="chat/completions",
    schema="chat.completion",
    chunk_schema="chat.completion.chunk",
    read=read,
    fields=_fields.CHAT,
    classify=classify,
    fold=fold,
    lanes=LANES,
    whole=WHOLE,
    content=frozenset({"content", "reasoning", "refusal", "tool", "function"}),
    ends=frozenset({"finish"}),
    sentinel="[DONE]",
    # https://platform.openai.com/docs/api-reference/chat/object#chat/object-choices; function_call is deprecated there
    reasons=frozenset({"stop", "length", "tool_calls", "content_filter", "function_call"}),
    texts={
        "choices[].message.content": "answer",
        "choices[].message.content[].text": "answer",
        "choices[].message.reasoning_content": "reasoning",
        "choices[].message.reasoning": "reasoning",
        "choices[].message.reasoning_text": "reasoning",
        "choices[].message.thinking": "reasoning",
        "choices[].message.refusal": "refusal",
        "choices[].message.tool_calls[].function.arguments": "arguments",
        "choices[].message.tool_calls[].custom.input": "input",
        "choices[].message.function_call.arguments": "arguments",
        "choices[].message.audio.transcript": "transcript",
    },
    media=("choices[].message.audio.data",),
)
