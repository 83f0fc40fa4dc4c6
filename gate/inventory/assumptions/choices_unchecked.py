"""`choices[0]` of a list that may be empty: the usage chunk of a stream has no choices (ST01, ST02), and some answers
have none either (S05)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.inventory.answers import Answers
from gate.inventory.assumptions import Kind, Line
from gate.inventory.assumptions._guards import caught, checked, optional
from gate.inventory.source import assigned, nearest, spelled
from gate.inventory.syntax.node import Node
from gate.inventory.syntax.scopes import Found, Scope

KIND = Kind(
    "choices-unchecked",
    "the first choice is taken without a look at whether there is one",
    ("ST01", "ST02", "S05"),
    "test `choices` first: skip a chunk without, and treat an answer without as an error of the route",
)
_OF_A_CHOICE = frozenset({"message", "delta", "text", "finish_reason", "logprobs"})


def find(answers: Answers) -> Iterator[Line]:
    """One line for each object in a function, at its first access."""
    for scope in answers.source.scopes:
        seen = set[str]()
        for found in scope.all("index"):
            of, key = found.node.parts
            read = answers.read(of, scope)
            if key.kind != "number" or not read or read.steps[-1:] != ("choices",) or optional(found):
                continue
            known = read.call is not None or (_part(found) in _OF_A_CHOICE and _may_be_one(of, scope, answers))
            name = spelled(of)
            if not known or name in seen or checked("choices", scope, answers) or caught(found, scope, answers):
                continue
            seen.add(name)
            streamed = _part(found) == "delta" or (read.call is not None and read.call.streaming == "yes")
            what = "a chunk without choices, such as the one with usage," if streamed else "an answer without choices"
            yield found.node.line, f"{what} raises here", "warning" if streamed else "note"


def _may_be_one(of: Node, scope: Scope, answers: Answers) -> bool:
    """Whether an object that no known call made may be an answer: in a file about such APIs, or as a parameter."""
    base = of
    while base.kind in ("member", "index"):
        base = base.parts[0]
    return answers.about_api or not any(value.kind == "call" for value in nearest(assigned(base, scope), base.line))


def _part(found: Found) -> str:
    """What is read of the choice: `delta`."""
    above, slot = next(found.ancestors(), (found.node, 1))
    if above.kind == "member" and slot == 0:
        return above.word
    return above.parts[1].word if above.kind == "index" and slot == 0 else ""
