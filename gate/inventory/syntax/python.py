"""Python source as the common tree, by the standard library's own parser."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gate.inventory.syntax.node import NOTHING, Node, UnreadableError

SUFFIXES = (".py",)


def parse(source: bytes, suffix: str = ".py") -> Node:  # noqa: ARG001
    """The tree of a file. Raises UnreadableError where it is no Python of this version, or nested without end."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of invalid escapes, which are the file's own business
            return _lower(ast.parse(source))
    except (RecursionError, MemoryError):  # MemoryError is what the parser raises when its own stack is full
        raise UnreadableError("nested too deeply") from None
    except (SyntaxError, ValueError) as error:  # ValueError: a NUL byte, or an encoding that is none
        place = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise UnreadableError(f"no Python of this version{place}") from None


def _lower(node: ast.AST) -> Node:
    make = _MAKERS.get(type(node))
    return make(node) if make else Node("other", getattr(node, "lineno", 0), "", _all(ast.iter_child_nodes(node)))


def _all(nodes: Iterable[ast.AST]) -> tuple[Node, ...]:
    return tuple([_lower(node) for node in nodes])


def _block(nodes: Sequence[ast.AST]) -> Node:
    return Node("block", getattr(nodes[0], "lineno", 0), "", _all(nodes)) if nodes else NOTHING


# -- expressions --------------------------------------------------------------------------------


def _constant(node: ast.Constant) -> Node:
    value = node.value
    if isinstance(value, (str, bytes)):
        return Node("text", node.lineno, value if isinstance(value, str) else value.decode("latin-1"))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # a number of some thousand digits can't be written as text (CVE-2020-10735)
        return Node("number", node.lineno, repr(value) if not isinstance(value, int) or value.bit_length() < 64 else "")
    return Node("constant", node.lineno, str(value))


def _call(node: ast.Call) -> Node:
    return Node("call", node.lineno, "", (_lower(node.func), *_all(node.args), *_all(node.keywords)))


def _keyword(node: ast.keyword) -> Node:
    return Node("keyword" if node.arg else "spread", node.lineno, node.arg or "", (_lower(node.value),))


def _mapping(node: ast.Dict) -> Node:
    def pair(key: ast.expr | None, value: ast.expr) -> Node:
        if key is None:
            return Node("spread", value.lineno, "", (_lower(value),))
        word = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
        return Node("keyword", key.lineno, word, (_lower(value), *(() if word else (_lower(key),))))

    pairs = [pair(key, value) for key, value in zip(node.keys, node.values, strict=True)]
    return Node("mapping", node.lineno, "", tuple(pairs))


_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip


def _compare(node: ast.Compare) -> Node:
    sides = [_lower(node.left), *_all(node.comparators)]
    made = [
        Node("compare", node.lineno, _COMPARED[type(op)], (sides[n], sides[n + 1])) for n, op in enumerate(node.ops)
    ]
    return made[0] if len(made) == 1 else Node("logic", node.lineno, "and", tuple(made))


def _unary(node: ast.UnaryOp) -> Node:
    inner = _lower(node.operand)
    if isinstance(node.op, ast.USub) and inner.kind == "number":
        return inner._replace(word=f"-{inner.word}")
    return Node("not" if isinstance(node.op, ast.Not) else "other", node.lineno, "", (inner,))


def _binary(node: ast.BinOp) -> Node:
    """Sums are templates: `base + "/chat/completions"`. Long ones are nested to the left, and need no recursion."""
    terms: list[ast.AST] = []
    left: ast.AST = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, (ast.Add, ast.Mod)):
        terms.append(left.right)
        left = left.left
    if not terms:
        return Node("other", node.lineno, "", (_lower(node.left), _lower(node.right)))
    return Node("template", node.lineno, "", _all([left, *reversed(terms)]))


def _comprehension(node: Any) -> Node:
    """A loop whose body is the element: what holds for one holds for the other."""
    made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    body = _block(made)
    for part in reversed(node.generators):
        for test in reversed(part.ifs):
            body = Node("if", node.lineno, "", (_lower(test), body, NOTHING))
        body = Node("loop", node.lineno, "for", (_lower(part.target), _lower(part.iter), body))
    return body


# -- statements ---------------------------------------------------------------------------------


def _assign(node: ast.Assign) -> Node:
    value = _lower(node.value)
    made = tuple([Node("assign", node.lineno, "=", (_lower(target), value)) for target in node.targets])
    return made[0] if len(made) == 1 else Node("block", node.lineno, "", made)


def _annotated(node: ast.AnnAssign) -> Node:
    value = _lower(node.value) if node.value else NOTHING
    return Node("assign", node.lineno, "=", (_lower(node.target), value), _annotation(node.annotation))


def _annotation(node: ast.expr | None) -> str:
    # only to learn whether it names a client: a long type is of no use
    if node is None or not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp, ast.Constant)):
        return ""
    return ast.unparse(node)[:200]


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Node:
    given = node.args
    arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    names = [
        Node("name", argument.lineno, argument.arg, (), _annotation(argument.annotation)) for argument in arguments
    ]
    parameters = Node("block", node.lineno, "", tuple(names))
    values = _all([*given.defaults, *(value for value in given.kw_defaults if value)])
    if isinstance(node, ast.Lambda):
        return Node("function", node.lineno, "", (parameters, Node("block", node.lineno, "", (_lower(node.body),))))
    made = Node("function", node.lineno, node.name, (parameters, _block(node.body)))
    around = (*_decorators(node), *values)
    return Node("block", node.lineno, "", (*around, made)) if around else made


def _class(node: ast.ClassDef) -> Node:
    made = Node("class", node.lineno, node.name, (Node("block", node.lineno, "", _all(node.bases)), _block(node.body)))
    around = _decorators(node)
    return Node("block", node.lineno, "", (*around, made)) if around else made


def _decorators(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[Node, ...]:
    return tuple([Node("decorator", one.lineno, "", (_lower(one),)) for one in node.decorator_list])


def _if(node: ast.If) -> Node:
    """Long `elif` chains are nested in their else: unwound here, so that they need no recursion."""
    chain: list[ast.If] = [node]
    while len(chain[-1].orelse) == 1 and isinstance(chain[-1].orelse[0], ast.If):
        chain.append(chain[-1].orelse[0])
    rest = _block(chain[-1].orelse)
    for one in reversed(chain):
        made = Node("if", one.lineno, "", (_lower(one.test), _block(one.body), rest))
        rest = Node("block", one.lineno, "", (made,))
    return made


def _loop(node: ast.For | ast.AsyncFor) -> Node:
    body = _block([*node.body, *node.orelse])
    return Node("loop", node.lineno, "for", (_lower(node.target), _lower(node.iter), body))


def _try(node: Any) -> Node:
    handlers = [
        Node("handler", one.lineno, one.name or "", (_lower(one.type) if one.type else NOTHING, _block(one.body)))
        for one in node.handlers
    ]
    return Node("try", node.lineno, "", (_block(node.body), *handlers, _block([*node.orelse, *node.finalbody])))


def _with(node: ast.With | ast.AsyncWith) -> Node:
    def opened(item: ast.withitem) -> Node:
        value = _lower(item.context_expr)
        target = item.optional_vars
        return Node("assign", node.lineno, "=", (_lower(target), value)) if target else value

    return Node("block", node.lineno, "", (*[opened(item) for item in node.items], *_all(node.body)))


def _import(node: ast.Import) -> Node:
    made = [
        # `import a.b` names `a` here
        Node("import", node.lineno, a.name, (Node("name", node.lineno, "*", (), a.asname or a.name),))
        for a in node.names
    ]
    return Node("block", node.lineno, "", tuple(made))


def _import_from(node: ast.ImportFrom) -> Node:
    names = tuple([Node("name", node.lineno, alias.name, (), alias.asname or alias.name) for alias in node.names])
    return Node("import", node.lineno, "." * node.level + (node.module or ""), names)


def _match(node: ast.Match) -> Node:
    cases = [Node("block", case.pattern.lineno, "", (_lower(case.pattern), *_all(case.body))) for case in node.cases]
    return Node("switch", node.lineno, "", (_lower(node.subject), *cases))


def _leave(word: str) -> Callable[[Any], Node]:
    return lambda node: Node("leave", node.lineno, word, _all(ast.iter_child_nodes(node)))


def _parts(kind: str, *fields: str) -> Callable[[Any], Node]:
    """A maker that takes the parts from fields of one node or a list of them each."""

    def make(node: Any) -> Node:
        values = [getattr(node, field) for field in fields]
        flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
        return Node(kind, getattr(node, "lineno", 0), "", _all(flat))

    return make


_MAKERS: dict[type[ast.AST], Callable[[Any], Node]] = {
    ast.Module: lambda node: _block(node.body),
    ast.Name: lambda node: Node("name", node.lineno, node.id),
    ast.Attribute: lambda node: Node("member", node.end_lineno or node.lineno, node.attr, (_lower(node.value),)),
    ast.Subscript: lambda node: Node("index", node.lineno, "", (_lower(node.value), _lower(node.slice))),
    ast.Constant: _constant,
    ast.Call: _call,
    ast.keyword: _keyword,
    ast.Dict: _mapping,
    ast.List: _parts("list", "elts"),
    ast.Tuple: _parts("list", "elts"),
    ast.Set: _parts("list", "elts"),
    ast.JoinedStr: _parts("template", "values"),
    ast.FormattedValue: lambda node: _lower(node.value),
    ast.Await: lambda node: _lower(node.value),
    ast.Expr: lambda node: _lower(node.value),
    ast.Starred: lambda node: Node("spread", node.lineno, "", (_lower(node.value),)),
    ast.Compare: _compare,
    ast.BoolOp: lambda node: Node(
        "logic", node.lineno, "and" if isinstance(node.op, ast.And) else "or", _all(node.values)
    ),
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.IfExp: _parts("choose", "test", "body", "orelse"),
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.NamedExpr: lambda node: Node("assign", node.lineno, "=", (_lower(node.target), _lower(node.value))),
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: lambda node: Node("assign", node.lineno, "+=", (_lower(node.target), _lower(node.value))),
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.Lambda: _function,
    ast.ClassDef: _class,
    ast.If: _if,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.While: lambda node: Node("loop", node.lineno, "while", (_lower(node.test), _block([*node.body, *node.orelse]))),
    ast.Try: _try,
    ast.TryStar: _try,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Match: _match,
    ast.Raise: _leave("raise"),
    ast.Return: _leave("return"),
    ast.Break: _leave("break"),
    ast.Continue: _leave("continue"),
    ast.Assert: lambda node: Node("assert", node.lineno, "", (_lower(node.test),)),
}
