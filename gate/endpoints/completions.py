"""Legacy text completions: https://platform.openai.com/docs/api-reference/completions"""

from __future__ import annotations

from typing import Any

from gate.endpoints import _fields, is_error, member, members, objects, text_of
from gate.endpoints._fold import WHOLE, changes, index_of, join_logprobs, text_problems
from gate.model import MISSING, Answer, Choice, Endpoint, Fold, Grammar, Json, Kinds, Problem, ProblemCode

LANES: Grammar = {
    # no role in this API, and a finish may come at once: an answer of no token
    "start": {"content": "open", "empty": "open", "finish": "finished"},
    "open": {"content": "open", "empty": "open", "finish": "finished"},
    "finished": {"empty": "finished"},
}


def classify(doc: Json, name: str | None) -> Kinds:
    """What one chunk does, in the order in which a client reads it."""
    if not isinstance(doc, dict):
        return (("invalid", None),)
    kinds: list[tuple[str, int | None]] = [("error", None)] if is_error(doc, name) else []
    for place, choice in enumerate(members(doc, "choices")):
        own = [kind for key, kind in (("text", "content"), ("finish_reason", "finish")) if member(choice, key)]
        kinds += [(kind, index_of(choice, place)) for kind in own or ["empty"]]
    if not kinds and not doc.get("usage"):
        kinds.append(("choiceless", None))
    return (*kinds, *((("usage", None),) if isinstance(doc.get("usage"), dict) else ()))


def fold(docs: tuple[tuple[int, Json], ...]) -> Fold:
    """(frame number, chunk) → the object that the plain call returns, and the problems on the way."""
    final: dict[str, Any] = {}
    choices: dict[int, dict[str, Any]] = {}
    texts: dict[int, list[str]] = {}
    problems: list[Problem] = []
    for frame, doc in docs:
        if not isinstance(doc, dict) or doc.get("error"):
            continue
        final.update({k: v for k, v in doc.items() if k != "choices" and (v is not None or k not in final)})
        for place, choice in objects(doc, "choices"):
            index = index_of(choice, place)
            folded = choices.setdefault(index, {})
            if choice.get("finish_reason") and folded.get("finish_reason") not in (None, "", choice["finish_reason"]):
                problems.append(Problem(ProblemCode.FINISH_CHANGED, f"choices[{index}].finish_reason", frame))
            logprobs = join_logprobs(folded.get("logprobs"), choice.get("logprobs"))
            folded.update({k: v for k, v in choice.items() if v is not None or k not in folded})
            folded.update({"logprobs": logprobs} if "logprobs" in choice else {})
            texts.setdefault(index, []).append(text_of(choice.get("text")))
    for index, choice in choices.items():
        choice["text"] = "".join(texts[index])
        problems += text_problems(texts[index], f"choices[{index}].text")
    places = sorted(choices)
    pieces = {f"choices[{place}].text": tuple(texts[index]) for place, index in enumerate(places)}
    return Fold({**final, "choices": [choices[i] for i in places]}, (*problems, *changes(docs)), pieces)


def read(body: Json) -> Answer:
    """The answer of a legacy completion, plain or folded."""
    choices = tuple(
        Choice(
            path=f"choices[{i}]",
            index=index_of(c, i),
            content=member(c, "text"),
            content_path=f"choices[{i}].text",
            text=text_of(c.get("text")),
            finish=c.get("finish_reason", MISSING),
            finish_path=f"choices[{i}].finish_reason",
        )
        for i, c in objects(body, "choices")
    )
    return Answer(body, choices, member(body, "usage"), member(body, "model"), member(body, "id"))


ENDPOINT = Endpoint(
    name="completions",
    path="completions",
    schema="completion",
    chunk_schema="completion.chunk",
    read=read,
    fields=_fields.COMPLETION,
    classify=classify,
    fold=fold,
    lanes=LANES,
    whole=WHOLE,
    content=frozenset({"content"}),
    ends=frozenset({"finish"}),
    sentinel="[DONE]",
    # https://platform.openai.com/docs/api-reference/completions/object#completions/object-choices
    reasons=frozenset({"stop", "length", "content_filter"}),
    texts={"choices[].text": "answer"},
    results="choices",
)
