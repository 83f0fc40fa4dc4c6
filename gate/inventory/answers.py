"""What code reads of an answer: the path of each expression, `choices[].message.content`. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from gate.inventory.calls import calls, chain
from gate.inventory.clients import Clients
from gate.inventory.model import Call, Place
from gate.inventory.names import names
from gate.inventory.paths import leaves
from gate.inventory.sdks import FUNCTIONS
from gate.inventory.source import Source, assigned, attributes, dotted, nearest, spelled
from gate.inventory.syntax.node import Node, inside
from gate.inventory.syntax.scopes import ELEMENT, Scope

# Members that only an answer of such an API has, so that it need not be known where the object comes from
ROOTS = frozenset({"choices", "usage"})
# What gives the same answer in another form
_SAME = names(
    "json model_dump to_dict dict parse copy get_final_completion get_final_response read aread __aenter__ __enter__ "
    "withResponse asResponse finalChatCompletion until_done"
)
_OF_ANOTHER_API = ("messages.create", "messages.stream", "generate_content", "generateContent", "chat.complete")
_MOST_STEPS = 24  # from an expression to where it comes from; chosen


class Read(NamedTuple):
    """A part of an answer: the call that it comes from, where the file says, and its steps."""

    call: Call | None
    steps: tuple[str, ...]


_NONE = Read(None, ("?",))


@dataclass(eq=False)
class Answers:
    """One file, with its calls, and the part of an answer that any of its expressions is."""

    source: Source
    clients: Clients = field(init=False)
    calls: dict[int, Call] = field(init=False)
    _known: dict[int, Read | None] = field(init=False, default_factory=dict)
    # what assumptions found out about a function or a node, by its identity: asked again for each line of it
    memory: dict[tuple[str, int], bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.clients = Clients(self.source)
        self.calls = calls(self.source, self.clients)
        self._attributes = attributes(self.source)

    @property
    def about_api(self) -> bool:
        """Whether the file calls such an API, or imports an SDK of one."""
        return bool(self.calls) or bool(self.clients.sdks)

    def once(self, question: str, about: object, answer: Callable[[], bool]) -> bool:
        """The answer to a question about a function or a node, which is found out once."""
        key = (question, id(about))
        if key not in self.memory:
            self.memory[key] = answer()
        return self.memory[key]

    def read(self, node: Node, scope: Scope, steps: int = _MOST_STEPS) -> Read | None:
        """The part of an answer that an expression is; None where nothing says that it is one."""
        if id(node) not in self._known:
            self._known[id(node)] = None  # of itself, where two names stand for each other
            self._known[id(node)] = self._read(node, scope, steps - 1) if steps else None
        found = self._known[id(node)]
        return None if found is _NONE else found

    def _read(self, node: Node, scope: Scope, steps: int) -> Read | None:
        if node.kind == "call":
            return self._of_call(node, scope, steps)
        if node.kind == "member":
            return self._member(node.parts[0], node.word, scope, steps) or self._of_name(node, scope, steps)
        if node.kind == "index":
            return self._index(node, scope, steps)
        if node.kind == "name":
            return self._of_name(node, scope, steps)
        if node.kind in ("logic", "choose", "assign"):
            parts = node.parts if node.kind == "logic" else node.parts[1:]
            return next((found for part in parts if (found := self.read(part, scope, steps))), None)
        return None

    def _member(self, of: Node, word: str, scope: Scope, steps: int) -> Read | None:
        base = self.read(of, scope, steps)
        if base:
            # axios puts the body below `data`; `output_text` is the SDK's own sum of the texts of a response
            if word in ("data", "body") and not base.steps and base.call and base.call.endpoint == "chat.completions":
                return base
            more = ("output", "[]", "content", "[]", "text") if word == "output_text" else (word,)
            return Read(base.call, (*base.steps, *more))
        return Read(None, (word,)) if word in ROOTS and not self._elsewhere(of, scope) else None

    def _elsewhere(self, node: Node, scope: Scope) -> bool:
        """Whether an object is known to be the answer of another API, or the arguments of a program."""
        values = [*nearest(assigned(node, scope), node.line), node]
        names = [".".join(chain(value.parts[0])[1]) for value in values if value.kind == "call"]
        return any(name.endswith(_OF_ANOTHER_API) for name in names)

    def _index(self, node: Node, scope: Scope, steps: int) -> Read | None:
        of, key = node.parts
        if key.kind == "text":
            return self._member(of, key.word, scope, steps)
        base = self.read(of, scope, steps)
        if base is None or (key.kind == "other"):  # a slice is of the same kind
            return base
        if node.mark == "each" and (not base.steps or base.steps[-1] == ELEMENT):
            return base  # the events of a stream
        return Read(base.call, (*base.steps, ELEMENT))

    def _of_call(self, node: Node, scope: Scope, steps: int) -> Read | None:
        if call := self.calls.get(id(node)):
            name = dotted(node.parts[0], self.source)
            # frameworks answer in forms of their own
            return None if name in FUNCTIONS and not name.startswith("litellm.") else Read(call, ())
        function, *arguments = node.parts
        if function.kind == "member" and function.word in ("get", "at") and arguments:
            key = arguments[0]
            return self._index(Node("index", node.line, "", (function.parts[0], key)), scope, steps)
        if function.word == "getattr" and len(arguments) > 1 and arguments[1].kind == "text":
            return self._member(arguments[0], arguments[1].word, scope, steps)
        if function.kind == "member" and function.word in _SAME:
            return self.read(function.parts[0], scope, steps)
        if function.word in ("list", "iter", "next", "sorted", "reversed", "cast") and arguments:
            return self.read(arguments[-1], scope, steps)
        return None

    def _of_name(self, node: Node, scope: Scope, steps: int) -> Read | None:
        values = assigned(node, scope) or self._attributes.get(spelled(node), ())
        # of several, the one right before: a name is used for a stream in one branch, for a whole answer in the other
        return next((found for value in nearest(values, node.line) if (found := self.read(value, scope, steps))), None)

    def reads(self) -> Iterator[tuple[str, Place]]:
        """Every leaf of an answer that the file reads, by the API's own documentation, and where."""
        for scope in self.source.scopes if self.about_api or self._mentions else ():
            for kind in ("member", "index", "call"):
                for found in scope.all(kind):
                    read = self.read(found.node, scope)
                    path = written(read)
                    if read and path in leaves(read.call.endpoint if read.call else ""):
                        yield path, Place(self.source.path, found.node.line)

    @property
    def _mentions(self) -> bool:
        return any(found.node.word == "choices" for scope in self.source.scopes for found in scope.all("member"))


def written(read: Read | None) -> str:
    """The steps as a path; empty for none."""
    steps = read.steps if read else ()
    return "".join(step if step == ELEMENT else f".{step}" for step in steps).lstrip(".")


def mentioned(node: Node, *words: str) -> bool:
    """Whether any name, member or text below a node is one of some words."""
    return any(one.word in words and one.kind in ("name", "member", "text", "keyword") for one in inside(node))
