"""Values of arguments as a report shows them: literals, the names of variables of the environment, else `computed`."""

from __future__ import annotations

import re

from gate.inventory.source import resolved, spelled, text
from gate.inventory.syntax.node import NOTHING, Node
from gate.inventory.syntax.scopes import Scope
from gate.redact.scrub import without_secrets
from gate.text.safe import cut

COMPUTED = "computed"
_NAMED = re.compile(r"\$([A-Za-z_]\w*)")
_SHOWN = 120  # characters of a value


def shown(node: Node, scope: Scope, steps: int = 3) -> str:
    """One value in words, secrets masked; empty where there is none."""
    if node is NOTHING:
        return ""
    if not steps:  # `timeout = timeout or 5` stands for itself
        return COMPUTED
    found = resolved(node, scope)
    if name := _variable(found):
        return f"${name}"
    if found.kind in ("number", "constant", "text", "template"):
        plain = found.word if found.kind in ("number", "constant") else text(found, scope)
        # source is public more often than its keys should be
        return cut(without_secrets(plain), _SHOWN) if plain.strip("…") else COMPUTED
    if found.kind == "call":  # httpx.Timeout(60, connect=5)
        given = [_given(part, scope, steps) for part in found.parts[1:9]]
        name = spelled(found.parts[0])
        if name and given and all(given) and "key" not in name.lower():
            return cut(without_secrets(f"{name}({', '.join(given)})"), _SHOWN)
    if found.kind in ("logic", "choose"):
        options = [shown(part, scope, steps - 1) for part in found.parts[-2:]]
        if COMPUTED not in options and all(options):
            return " or ".join(options)
    return COMPUTED


def variable(value: str) -> str:
    """The name of the variable that a value, as `shown` has it, is read from first; empty where it is none."""
    found = _NAMED.match(value)
    return found[1] if found else ""


def _given(node: Node, scope: Scope, steps: int) -> str:
    if node.kind == "keyword":
        value = shown(node.parts[0], scope, steps - 1)
        return f"{node.word}={value}" if value != COMPUTED else ""
    return node.word if node.kind in ("number", "constant") else ""


def _variable(node: Node) -> str:
    """The variable that `os.environ["X"]`, `os.getenv("X")` or `process.env.X` reads."""
    name = spelled(node)
    for start in ("process.env.", "import.meta.env.", "Deno.env."):
        if name.startswith(start):
            return name.removeprefix(start)
    if node.kind in ("index", "call") and len(node.parts) > 1 and node.parts[1].kind == "text":
        reader = spelled(node.parts[0])
        if reader in ("os.environ", "process.env", "os.getenv", "getenv", "os.environ.get", "environ.get", "environ"):
            return node.parts[1].word
    return ""


def literal(node: Node, scope: Scope) -> str:
    """A literal text, or empty: the name of a model, say."""
    found = text(node, scope)
    return cut(without_secrets(found), _SHOWN) if "…" not in found else ""
