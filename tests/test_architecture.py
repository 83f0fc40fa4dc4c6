"""The house, enforced: what is pure stays pure, data flows one way, and code stays in pieces of a readable size."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.pure import FILES, GATE, OUTER, PURE, ROOT, module, top

IO = {
    "asyncio", "click", "httpx", "os", "pathlib", "requests", "rich", "shutil", "socket", "starlette", "subprocess",
    "tempfile", "threading", "urllib.request", "uvicorn", "vcr",
}  # fmt: skip


def imports(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


# What starts often, or before the engine is installed, imports when it must.
LAZY = {"__main__", "action", "cli", "golden_items", "plugin"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def reaches(path: Path) -> set[str]:
    """What a pure module imports and must not."""
    names = {name for name, _ in imports(tree(path))}
    if "pathlib.Path" not in names:
        names.discard("pathlib")  # pure paths are text
    outside = {name for name in names if (name.partition(".")[0] in IO or name in IO) and "Pure" not in name}
    return outside | ({module(name.split(".")[1:]) for name in names if name.startswith("gate.")} & OUTER)


def test_the_core_is_pure() -> None:
    assert PURE
    assert {str(path.relative_to(GATE)): found for path in PURE if (found := reaches(path))} == {}


def test_the_model_imports_nothing_of_ours() -> None:
    for path in [GATE / "model.py", *(GATE / "model").glob("*.py"), GATE / "errors.py"]:
        if path.is_file():
            names = {name for name, _ in imports(tree(path)) if name.startswith("gate")}
            assert {name for name in names if not name.startswith("gate.model")} == set(), path


def test_no_import_of_ours_hides_in_a_function() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in FILES
        if top(path) not in LAZY
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for name, node in imports(function)
        if name.startswith("gate")
    ]
    assert hidden == []


def functions() -> list[int]:
    walked = (node for path in FILES for node in ast.walk(tree(path)))
    found = [node for node in walked if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return sorted((f.end_lineno or f.lineno) - f.lineno + 1 for f in found)


def test_functions_and_files_have_a_readable_size() -> None:
    lengths = functions()
    lines = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert statistics.median(lengths) <= 9
    assert lengths[len(lengths) * 9 // 10] <= 35
    assert statistics.median(lines.values()) <= 120
    assert {name: count for name, count in lines.items() if count > 400} == {}


def test_nothing_names_a_machine() -> None:
    tracked = [
        p for p in ROOT.rglob("*") if p.suffix in {".py", ".md", ".yaml", ".yml", ".toml", ".json"} and p.is_file()
    ]
    mine = [p for p in tracked if not {".venv", ".git", ".gate", "node_modules", ".hypothesis"} & set(p.parts)]
    needles = (f"{'/'}work/", f"{'/'}root/", f"{'/'}home/")
    named = {str(p.relative_to(ROOT)) for p in mine for needle in needles if needle in p.read_text("utf-8", "replace")}
    assert named == set()
