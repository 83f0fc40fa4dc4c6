"""A list of models, or their names' first letters, decides: a gateway names them otherwise (S25, S37)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.inventory.answers import Answers
from gate.inventory.assumptions import Kind, Line
from gate.inventory.assumptions._guards import caught, tests
from gate.inventory.source import resolved, spelled
from gate.inventory.syntax.node import Node, inside
from gate.inventory.syntax.scopes import Found, Scope

KIND = Kind(
    "model-list",
    "only models of a list, or with a certain beginning, are known",
    ("S25", "S37"),
    "take any name, and let the route refuse those that it lacks; give unknown ones a default",
)
_MODEL = re.compile(
    r"^(gpt-|o[134]($|-)|chatgpt-|text-embedding-|text-davinci|claude-|gemini-|dall-e|whisper-|deepseek-|mistral-|qwen)"
)


def find(answers: Answers) -> Iterator[Line]:
    """Refusals of models outside a list, look-ups that fail for others, and tests of a name's beginning."""
    for scope in answers.source.scopes if answers.about_api else ():
        for found in scope.all("compare"):
            if _refuses(found, scope):
                yield found.node.line, "a model that is not in the list is refused before the route is asked", "warning"
        for found in scope.all("index") if answers.source.ecosystem == "pypi" else ():
            if _looks_up(found, scope, answers):
                yield found.node.line, "a model that is not in the table raises KeyError", "warning"
        for found in scope.all("call"):
            if _offers(found.node, scope):
                yield found.node.line, "a model that is not in the list is refused before the route is asked", "warning"
            if _begins(found):
                yield found.node.line, "a route may name the same model otherwise: openai/gpt-4o", "note"


def _refuses(found: Found, scope: Scope) -> bool:
    left, right = found.node.parts
    if not _named(left) or not _models(right, scope):
        return False
    for node, slot in found.ancestors():
        if node.kind == "assert":
            return found.node.word == "in"
        if node.kind == "if":
            refused = slot == 0 and any(part.kind == "leave" and part.word == "raise" for part in inside(node.parts[1]))
            return refused and found.node.word == "not in"
    return False


def _looks_up(found: Found, scope: Scope, answers: Answers) -> bool:
    table, key = found.node.parts
    # an assignment fills the table
    above = next(found.ancestors(), None)
    if not _named(key) or key.kind != "name" or (above and above[0].kind == "assign" and above[1] == 0):
        return False
    if resolved(table, scope).kind != "mapping" or not _models(table, scope) or caught(found, scope, answers):
        return False
    return not answers.once("asks for membership", scope, lambda: _asks_for_membership(scope))


def _asks_for_membership(scope: Scope) -> bool:
    return any(node.word in ("in", "not in") for test in tests(scope) for node in inside(test))


def _offers(call: Node, scope: Scope) -> bool:
    """`add_argument("--model", choices=[…])`, `click.Choice([…])`, `z.enum([…])`."""
    name = call.parts[0].word
    lists = [part.parts[0] for part in call.parts[1:] if part.kind == "keyword" and part.word == "choices"]
    lists += call.parts[1:2] if name in ("Choice", "enum") else ()
    return any(_models(one, scope) for one in lists)


def _begins(found: Found) -> bool:
    function, *arguments = found.node.parts
    if function.kind != "member" or function.word not in ("startswith", "startsWith") or not arguments:
        return False
    asked = [node for node in inside(arguments[0]) if node.kind == "text"]
    return bool(asked) and all(_MODEL.match(node.word) for node in asked) and _named(function.parts[0])


def _named(node: Node) -> bool:
    """Whether a name says that it is one of a model."""
    return spelled(node).rpartition(".")[2].lower() in ("model", "model_name", "modelname", "model_id", "modelid")


def _models(node: Node, scope: Scope) -> bool:
    """Whether a collection holds names of models, all of them literal."""
    found = resolved(node, scope)
    if found.kind == "call" and found.parts[0].word in ("set", "frozenset", "tuple", "list") and len(found.parts) > 1:
        found = found.parts[1]
    if found.kind == "mapping":
        return bool(found.parts) and all(_MODEL.match(pair.word) for pair in found.parts if pair.kind == "keyword")
    texts = [part.word for part in found.parts if part.kind == "text"]
    return found.kind == "list" and len(texts) == len(found.parts) > 0 and any(map(_MODEL.match, texts))
