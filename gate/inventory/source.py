"""One source file, read: its functions, what it imports, and what its names stand for. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from gate.inventory.syntax import python, script
from gate.inventory.syntax.node import NOTHING, Node
from gate.inventory.syntax.scopes import Scope, scopes

SUFFIXES = (*python.SUFFIXES, *script.SUFFIXES)

# A file without any of these words neither calls such an API nor reads its answers, and need not be parsed.
_WORDS = re.compile(
    rb"openai|completions?\b|embeddings?\b|\blitellm|\bgroq\b|finish_reason|finishReason|tool_calls|choices\b"
    rb"|/responses\b|\bresponses\.|moderations|transcriptions|generateText|streamText|generateObject|streamObject"
    rb"|pydantic_ai|llama_index|instructor|langchain|/v1/|\bmessages\b|\bagents\b",
    re.IGNORECASE,
)
_TEST = re.compile(r"(^|/)(tests?|__tests__|e2e|spec)/|(^|/)(test_[^/]*|conftest)\.py$|_test\.py$|\.(test|spec)\.\w+$")
_MOST_STEPS = 12  # from a name to what it stands for; chosen, and it ends where two names stand for each other
_MOST_VALUES = 8  # of one name that are looked at, or parts of a text; chosen: a hostile file has thousands


@dataclass(eq=False, slots=True)
class Source:
    """One file. `path` is relative to what was scanned; `imports` has dotted names by what they are called here."""

    path: str
    lines: int
    scopes: list[Scope] = field(default_factory=list)
    imports: dict[str, str] = field(default_factory=dict)

    @property
    def ecosystem(self) -> str:
        return "pypi" if self.path.endswith(python.SUFFIXES) else "npm"

    @property
    def in_tests(self) -> bool:
        return bool(_TEST.search(self.path))

    @property
    def modules(self) -> set[str]:
        """The packages that are imported: `langchain_openai`, `@ai-sdk/openai`."""
        return set(self.imports.values())


def read(path: str, raw: bytes) -> Source:
    """A file's source. Raises UnreadableError; ImportError where the grammars for scripts are not installed."""
    lines = raw.count(b"\n") + (not raw.endswith(b"\n"))
    if not _WORDS.search(raw):
        return Source(path, lines)
    suffix = PurePosixPath(path).suffix
    root = (python.parse if suffix in python.SUFFIXES else script.parse)(raw, suffix)
    made = scopes(root)
    return Source(path, lines, made, _imports(made))


def _imports(made: list[Scope]) -> dict[str, str]:
    found = {}
    for scope in made:
        for one in scope.all("import"):
            for name in one.node.parts:
                known = "" if name.word in ("*", "default") else f".{name.word}"
                # `import OpenAI from "openai"`: what the module exports by default has no name of its own
                default = ".default" if name.word == "default" else known
                whole = _module(one.node) + default
                # it is slow to import, and comes through a module of a team's own that does so late
                whole = "litellm" if whole.endswith(".litellm") else whole
                found[name.mark.partition(".")[0] if name.word == "*" else name.mark] = whole
    return found


def _module(node: Node) -> str:
    # `import a.b` makes the name `a`
    plain = [name for name in node.parts if name.word == "*" and name.mark == node.word and "." in node.word]
    return node.word.partition(".")[0] if plain and not node.word.startswith((".", "@")) else node.word


# -- what names stand for -----------------------------------------------------------------------


def resolved(node: Node, scope: Scope) -> Node:
    """What a name stands for, where it is given one value only; else the node itself."""
    for _ in range(_MOST_STEPS):
        values = assigned(node, scope)
        if len(values) != 1:
            return node
        node = values[0]
    return node


def assigned(node: Node, scope: Scope) -> Sequence[Node]:
    """The values that a name (or `self.name`) is given, in the innermost function that gives it one."""
    key = spelled(node) if node.kind in ("name", "member") else ""
    for around in scope.outward() if key else ():
        if key in around.values:
            return around.values[key]
        if key in around.parameters:
            break
    return ()


def nearest(values: Sequence[Node], line: int) -> Sequence[Node]:
    """Of several values of a name those right before a line, the nearest first; all where none is: a few at most."""
    before = bisect_right(values, line, key=lambda value: value.line)
    return values[max(0, before - _MOST_VALUES) : before][::-1] or values[:_MOST_VALUES]


def attributes(source: Source) -> dict[str, list[Node]]:
    """What `self.…` is given anywhere in the file: in `__init__` as a rule, and used elsewhere."""
    found: dict[str, list[Node]] = {}
    for scope in source.scopes:
        for name, values in scope.values.items():
            if name.startswith("self."):
                found.setdefault(name, []).extend(values)
    return found


def spelled(node: Node) -> str:
    """`self.client.chat` for members of names; empty for anything else."""
    words: list[str] = []
    while node.kind == "member":
        words.append(node.word)
        node = node.parts[0]
    if node.kind != "name":
        return ""
    return ".".join(["self" if node.word == "this" else node.word, *reversed(words)])


def dotted(node: Node, source: Source) -> str:
    """The same with the first word as it was imported: `openai.OpenAI`; empty where it is no imported name."""
    name = spelled(node)
    first, dot, rest = name.partition(".")
    whole = source.imports.get(first)
    return f"{whole}{dot}{rest}" if whole else ""


def text(node: Node, scope: Scope, steps: int = 3) -> str:
    """The text that a node stands for; what is computed is `…`."""
    if not steps:  # `url = url + "/v1"` stands for itself
        return "…"
    node = resolved(node, scope)
    if node.kind == "text":
        return node.word
    if node.kind == "template":
        return re.sub("…+", "…", "".join(text(part, scope, steps - 1) for part in node.parts[:_MOST_VALUES]))
    if node.kind in ("logic", "choose"):  # `os.environ.get(…) or "https://…"`: the last one is the default
        return text(node.parts[-1], scope, steps - 1)
    return "…"


def argument(call: Node, *names: str) -> Node:
    """The value of a keyword argument, or of a key of an object among the arguments; NOTHING where it is not given."""
    for part in call.parts[1:]:
        pairs = part.parts if part.kind == "mapping" else (part,)
        for pair in pairs:
            if pair.kind == "keyword" and pair.word in names:
                return pair.parts[0]
    return NOTHING
