"""JavaScript and TypeScript as the common tree, by tree-sitter and its published grammars (`swapgate[scan]`).

Nodes are those of the grammars: https://github.com/tree-sitter/tree-sitter-typescript. What a grammar can't read it
skips, so that a file with an error still shows the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from gate.inventory.names import names
from gate.inventory.syntax.node import NOTHING, Node, UnreadableError

if TYPE_CHECKING:
    from tree_sitter import Node as Raw
    from tree_sitter import Parser

SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")

# chosen: a file of 1 MB takes 0.3 s; its parser tries many readings at once on text that is no source
_SECONDS = 5.0
_PIECE = 64 * 1024  # bytes that the parser gets at once


def available() -> bool:
    """Whether the grammars are installed."""
    try:
        _parser(".ts")
    except ImportError:
        return False
    return True


@cache
def _parser(suffix: str) -> Parser:
    import tree_sitter_javascript
    import tree_sitter_typescript
    from tree_sitter import Language, Parser

    if suffix in (".ts", ".mts", ".cts"):
        return Parser(Language(tree_sitter_typescript.language_typescript()))
    if suffix == ".tsx":
        return Parser(Language(tree_sitter_typescript.language_tsx()))
    return Parser(Language(tree_sitter_javascript.language()))


def parse(source: bytes, suffix: str = ".ts") -> Node:
    """The tree of a file. Raises UnreadableError where it takes too long, or is nested without end."""
    parser, until = _parser(suffix), time.monotonic() + _SECONDS
    source = source.removeprefix(b"\xef\xbb\xbf")
    try:
        tree = parser.parse(
            lambda offset, _: source[offset : offset + _PIECE],
            progress_callback=lambda _offset, _error: time.monotonic() > until,
        )
        return _Lowering(source).lower(tree.root_node)
    except RecursionError:
        raise UnreadableError("nested too deeply") from None
    except ValueError:  # what a cancelled parse raises
        parser.reset()
        raise UnreadableError("takes too long to parse") from None


_COMPARED = {"===": "==", "==": "==", "!==": "!=", "!=": "!=", "in": "in", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_JOINED = {"&&": "and", "||": "or", "??": "??"}
_LEAVING = {
    "return_statement": "return",
    "throw_statement": "raise",
    "break_statement": "break",
    "continue_statement": "continue",
}
# `x as T`, `x!`, `(x)`, `await x`: what they hold
_WRAPPERS = names(
    "await_expression parenthesized_expression as_expression satisfies_expression non_null_expression "
    "expression_statement export_statement else_clause required_parameter optional_parameter finally_clause"
)
_TYPES = names("type_annotation interface_declaration type_alias_declaration type_arguments type_parameters comment")
_NAMES = names(
    "identifier this super property_identifier shorthand_property_identifier undefined private_property_identifier "
    "shorthand_property_identifier_pattern statement_identifier"
)


class _Lowering:
    """One file on its way into the common tree."""

    def __init__(self, source: bytes) -> None:
        self._source = source

    def lower(self, raw: Raw) -> Node:
        kind = raw.type
        if kind in _NAMES:
            return Node("name", self._line(raw), self._text(raw))
        if kind in _WRAPPERS:
            return self._wrapped(raw)
        if make := _MAKERS.get(kind):
            return make(self, raw)
        if kind in _TYPES:
            return NOTHING
        return Node("other", self._line(raw), "", self._all(raw.named_children))

    def _all(self, raws: Iterable[Raw]) -> tuple[Node, ...]:
        return tuple([self.lower(raw) for raw in raws])

    def _line(self, raw: Raw) -> int:
        return raw.start_point[0] + 1

    def _text(self, raw: Raw | None) -> str:
        return self._source[raw.start_byte : raw.end_byte].decode("utf-8", "replace") if raw else ""

    def _field(self, raw: Raw, name: str) -> Node:
        found = raw.child_by_field_name(name)
        return self.lower(found) if found else NOTHING

    def _block(self, raw: Raw | None) -> Node:
        """A statement as a block, which it may be already."""
        if raw is None:
            return NOTHING
        made = self.lower(raw)
        return made if made.kind == "block" else Node("block", made.line, "", (made,))

    def _wrapped(self, raw: Raw) -> Node:
        inner = [child for child in raw.named_children if child.type not in _TYPES and child.type != "decorator"]
        return self.lower(inner[0]) if inner else NOTHING

    # -- expressions --

    def call(self, raw: Raw) -> Node:
        new = raw.type == "new_expression"
        function = self._field(raw, "constructor" if new else "function")
        given = raw.child_by_field_name("arguments")
        arguments = self._all(c for c in given.named_children if c.type != "comment") if given else ()
        if given and given.type == "template_string":  # a tagged template
            arguments = (self.lower(given),)
        return Node("call", self._line(raw), "", (function, *arguments), "new" if new else "")

    def member(self, raw: Raw) -> Node:
        name = raw.child_by_field_name("property")
        mark = "?" if raw.child_by_field_name("optional_chain") else ""
        line = self._line(name) if name else self._line(raw)
        return Node("member", line, self._text(name), (self._field(raw, "object"),), mark)

    def index(self, raw: Raw) -> Node:
        mark = "?" if raw.child_by_field_name("optional_chain") else ""
        return Node("index", self._line(raw), "", (self._field(raw, "object"), self._field(raw, "index")), mark)

    def string(self, raw: Raw) -> Node:
        return Node("text", self._line(raw), self._text(raw)[1:-1])

    def template(self, raw: Raw) -> Node:
        parts = []
        for child in raw.named_children:
            if child.type == "string_fragment":
                parts.append(Node("text", self._line(child), self._text(child)))
            elif child.type == "template_substitution":
                parts += self._all(child.named_children)
        return Node("template", self._line(raw), "", tuple(parts))

    def mapping(self, raw: Raw) -> Node:
        return Node("mapping", self._line(raw), "", tuple([self._pair(c) for c in raw.named_children]))

    def _pair(self, raw: Raw) -> Node:
        line = self._line(raw)
        if raw.type == "shorthand_property_identifier":
            return Node("keyword", line, self._text(raw), (self.lower(raw),))
        if raw.type == "spread_element":
            return self.spread(raw)
        key = raw.child_by_field_name("key") or raw.child_by_field_name("name")
        named = key is not None and key.type in ("property_identifier", "string", "number")
        word = self._text(key).strip("'\"") if named else ""
        value = self.lower(raw) if raw.type == "method_definition" else self._field(raw, "value")
        return Node("keyword", line, word, (value, *(() if named or key is None else (self.lower(key),))))

    def spread(self, raw: Raw) -> Node:
        return Node("spread", self._line(raw), "", self._all(raw.named_children))

    def binary(self, raw: Raw) -> Node:
        # Sums of many strings are nested to the left; unwound, they need no recursion.
        terms: list[Raw] = []
        left: Raw | None = raw
        while left is not None and left.type == "binary_expression" and self._operator(left) == "+":
            terms += [right] if (right := left.child_by_field_name("right")) else []
            left = left.child_by_field_name("left")
        if terms and left is not None:
            return Node("template", self._line(raw), "", self._all([left, *reversed(terms)]))
        operator = self._operator(raw)
        sides = (self._field(raw, "left"), self._field(raw, "right"))
        if operator in _COMPARED:
            return Node("compare", self._line(raw), _COMPARED[operator], sides)
        return Node("logic" if operator in _JOINED else "other", self._line(raw), _JOINED.get(operator, ""), sides)

    def _operator(self, raw: Raw) -> str:
        return self._text(raw.child_by_field_name("operator"))

    def unary(self, raw: Raw) -> Node:
        inner = self._field(raw, "argument")
        if self._operator(raw) == "-" and inner.kind == "number":
            return inner._replace(word=f"-{inner.word}")
        return Node("not" if self._operator(raw) == "!" else "other", self._line(raw), "", (inner,))

    def choose(self, raw: Raw) -> Node:
        parts = (
            self._field(raw, "condition"),
            self._field(raw, "consequence"),
            self._field(raw, "alternative"),
        )
        return Node("choose", self._line(raw), "", parts)

    # -- statements --

    def assign(self, raw: Raw) -> Node:
        if raw.type == "variable_declarator":
            target, value = self._target(raw.child_by_field_name("name")), self._field(raw, "value")
            if value.kind == "call" and value.parts[0].word == "require" and len(value.parts) == 2:
                return self._required(raw, target, value.parts[1].word)
        elif raw.type == "augmented_assignment_expression":
            parts = (self._field(raw, "left"), self._field(raw, "right"))
            return Node("assign", self._line(raw), "+=" if self._operator(raw) == "+=" else "=", parts)
        elif raw.type == "assignment_expression":
            target, value = self._target(raw.child_by_field_name("left")), self._field(raw, "right")
        else:  # a field of a class
            name = raw.child_by_field_name("name") or raw.child_by_field_name("property")
            this = Node("name", self._line(raw), "this")
            target, value = Node("member", self._line(raw), self._text(name), (this,)), self._field(raw, "value")
        return Node("assign", self._line(raw), "=", (target, value), self._annotation(raw))

    def _required(self, raw: Raw, target: Node, module: str) -> Node:
        whole = Node("name", self._line(raw), "*", (), target.word)
        names = tuple(Node("name", n.line, n.word, (), n.parts[0].word) for n in target.parts if n.kind == "keyword")
        return Node("import", self._line(raw), module, names if target.kind == "mapping" else (whole,))

    def _annotation(self, raw: Raw) -> str:
        return self._text(raw.child_by_field_name("type")).lstrip(": ")[:200]

    def _target(self, raw: Raw | None) -> Node:
        """`{a, b: c}` as a mapping of what is taken to what it is called."""
        if raw is None:
            return NOTHING
        if raw.type != "object_pattern":
            return self.lower(raw)
        pairs = [self._taken(child) for child in raw.named_children]
        return Node("mapping", self._line(raw), "", tuple(pair for pair in pairs if pair))

    def _taken(self, raw: Raw) -> Node | None:
        line = self._line(raw)
        if raw.type == "shorthand_property_identifier_pattern":
            return Node("keyword", line, self._text(raw), (Node("name", line, self._text(raw)),))
        if raw.type == "object_assignment_pattern":  # with a default
            left = raw.child_by_field_name("left")
            return self._taken(left) if left else None
        if raw.type == "pair_pattern":
            value = self._target(raw.child_by_field_name("value"))
            return Node("keyword", line, self._text(raw.child_by_field_name("key")), (value,))
        return None

    def function(self, raw: Raw) -> Node:
        given = raw.child_by_field_name("parameters") or raw.child_by_field_name("parameter")
        raws: Sequence[Raw] = () if given is None else [given] if given.type == "identifier" else given.named_children
        parameters = Node("block", self._line(raw), "", tuple([self._parameter(one) for one in raws]))
        body = self._block(raw.child_by_field_name("body"))
        return Node("function", self._line(raw), self._text(raw.child_by_field_name("name")), (parameters, body))

    def _parameter(self, raw: Raw) -> Node:
        pattern = raw.child_by_field_name("pattern") or raw
        name = self._text(pattern) if pattern.type == "identifier" else ""
        return Node("name", self._line(raw), name, (), self._annotation(raw))

    def klass(self, raw: Raw) -> Node:
        name = self._text(raw.child_by_field_name("name"))
        return Node("class", self._line(raw), name, (NOTHING, self._block(raw.child_by_field_name("body"))))

    def block(self, raw: Raw) -> Node:
        return Node("block", self._line(raw), "", self._all(raw.named_children))

    def branch(self, raw: Raw) -> Node:
        """Long chains of `else if` are nested in their else: unwound here, so that they need no recursion."""
        chain, rest = [raw], raw.child_by_field_name("alternative")
        while rest is not None and (inner := rest.named_children) and inner[0].type == "if_statement":
            chain.append(inner[0])
            rest = inner[0].child_by_field_name("alternative")
        made = self._block(rest)
        for one in reversed(chain):
            yes = self._block(one.child_by_field_name("consequence"))
            branch = Node("if", self._line(one), "", (self._field(one, "condition"), yes, made))
            made = Node("block", branch.line, "", (branch,))
        return branch

    def loop(self, raw: Raw) -> Node:
        body = self._block(raw.child_by_field_name("body"))
        if raw.type == "for_in_statement":
            target = self._target(raw.child_by_field_name("left"))
            return Node("loop", self._line(raw), "for", (target, self._field(raw, "right"), body))
        head = [self._field(raw, name) for name in ("initializer", "increment")]
        inner = Node("block", body.line, "", (*head, *body.parts))
        return Node("loop", self._line(raw), "while", (self._field(raw, "condition"), inner))

    def attempt(self, raw: Raw) -> Node:
        parts = [self._block(raw.child_by_field_name("body"))]
        if handler := raw.child_by_field_name("handler"):
            variable = self._text(handler.child_by_field_name("parameter"))
            body = self._block(handler.child_by_field_name("body"))
            parts.append(Node("handler", self._line(handler), variable, (NOTHING, body)))
        parts.append(self._block(raw.child_by_field_name("finalizer")))
        return Node("try", self._line(raw), "", tuple(parts))

    def switch(self, raw: Raw) -> Node:
        body = raw.child_by_field_name("body")
        cases = body.named_children if body else []
        made = [Node("block", self._line(case), "", self._all(case.named_children)) for case in cases]
        return Node("switch", self._line(raw), "", (self._field(raw, "value"), *made))

    def leave(self, raw: Raw) -> Node:
        return Node("leave", self._line(raw), _LEAVING[raw.type], self._all(raw.named_children))

    def imported(self, raw: Raw) -> Node:
        source = raw.child_by_field_name("source")
        module = self._text(source)[1:-1]
        clause = [child for child in raw.named_children if child.type == "import_clause"]
        names = [name for child in clause for one in child.named_children for name in self._imported_names(one)]
        return Node("import", self._line(raw), module, tuple(names))

    def _imported_names(self, raw: Raw) -> list[Node]:
        line = self._line(raw)
        if raw.type == "identifier":
            return [Node("name", line, "default", (), self._text(raw))]
        if raw.type == "namespace_import":
            return [Node("name", line, "*", (), self._text(raw.named_children[0]))]
        pairs = [(one.child_by_field_name("name"), one.child_by_field_name("alias")) for one in raw.named_children]
        return [Node("name", line, self._text(name), (), self._text(alias or name)) for name, alias in pairs if name]


def _leaf(kind: str) -> Callable[[_Lowering, Raw], Node]:
    return lambda self, raw: Node(kind, self._line(raw), self._text(raw))


_MAKERS: dict[str, Callable[[_Lowering, Raw], Node]] = {
    "call_expression": _Lowering.call,
    "new_expression": _Lowering.call,
    "member_expression": _Lowering.member,
    "subscript_expression": _Lowering.index,
    "string": _Lowering.string,
    "number": _leaf("number"),
    "true": _leaf("constant"),
    "false": _leaf("constant"),
    "null": _leaf("constant"),
    "regex": _leaf("regex"),
    "template_string": _Lowering.template,
    "object": _Lowering.mapping,
    "array": lambda self, raw: Node("list", self._line(raw), "", self._all(raw.named_children)),
    "spread_element": _Lowering.spread,
    "binary_expression": _Lowering.binary,
    "unary_expression": _Lowering.unary,
    "ternary_expression": _Lowering.choose,
    "variable_declarator": _Lowering.assign,
    "assignment_expression": _Lowering.assign,
    "augmented_assignment_expression": _Lowering.assign,
    "public_field_definition": _Lowering.assign,
    "field_definition": _Lowering.assign,
    "function_declaration": _Lowering.function,
    "function_expression": _Lowering.function,
    "generator_function": _Lowering.function,
    "generator_function_declaration": _Lowering.function,
    "arrow_function": _Lowering.function,
    "method_definition": _Lowering.function,
    "class_declaration": _Lowering.klass,
    "abstract_class_declaration": _Lowering.klass,
    "class": _Lowering.klass,
    "class_body": _Lowering.block,
    "program": _Lowering.block,
    "statement_block": _Lowering.block,
    "if_statement": _Lowering.branch,
    "for_in_statement": _Lowering.loop,
    "for_statement": _Lowering.loop,
    "while_statement": _Lowering.loop,
    "do_statement": _Lowering.loop,
    "try_statement": _Lowering.attempt,
    "switch_statement": _Lowering.switch,
    "return_statement": _Lowering.leave,
    "throw_statement": _Lowering.leave,
    "break_statement": _Lowering.leave,
    "continue_statement": _Lowering.leave,
    "import_statement": _Lowering.imported,
}
