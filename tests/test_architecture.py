"""The house, enforced: the map of CONTRIBUTING is the tree, data flows one way, what is pure stays pure."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house import FILES, GATE, PURE, ROOT, room, rooms

pytestmark = pytest.mark.untraced  # it reads source, and runs none of it

LOOSE = {"__init__.py", "__main__.py", "errors.py"}

IO = {
    "asyncio", "click", "httpx", "os", "pathlib", "requests", "rich", "shutil", "socket", "starlette", "subprocess",
    "tempfile", "threading", "urllib.request", "uvicorn", "vcr",
}  # fmt: skip

# What starts often, or before the engine is installed, imports when it must.
LAZY = {"__main__.py", "action", "cli", "pytest_plugin"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(node: ast.AST) -> Iterator[tuple[str, int]]:
    """(dotted name, line) of everything that is imported, names of modules and of what is taken from them."""
    for found in ast.walk(node):
        if isinstance(found, ast.Import):
            yield from ((alias.name, found.lineno) for alias in found.names)
        elif isinstance(found, ast.ImportFrom) and found.module:
            yield found.module, found.lineno
            yield from ((f"{found.module}.{alias.name}", found.lineno) for alias in found.names)


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


@cache
def ours() -> tuple[tuple[Path, str, int], ...]:
    """(file, dotted name of something of ours, line), for every import of the package."""
    found = ((path, name, line) for path in FILES for name, line in imports(tree(path)))
    return tuple((path, name, line) for path, name, line in found if name.startswith("gate."))


def test_the_map_is_the_tree() -> None:
    folders = {path.name for path in GATE.iterdir() if path.is_dir() and (path / "__init__.py").is_file()}
    assert folders == set(rooms())
    assert {path.name for path in GATE.glob("*.py")} == LOOSE


def test_every_folder_says_what_lives_there_and_what_may_not() -> None:
    said = {name: (ast.get_docstring(tree(GATE / name / "__init__.py")) or "").partition("\n") for name in rooms()}
    assert [name for name, (what, _, not_) in said.items() if not what or not not_.strip()] == []


def test_imports_point_downwards() -> None:
    rank = {name: number for number, name in enumerate(rooms())}
    against = [
        f"{place(path, line)}: {name}"
        for path, name, line in ours()
        if room(path) in rank and name.split(".")[1] in rank and rank[name.split(".")[1]] < rank[room(path)]
    ]
    assert against == []


def test_what_is_pure_does_no_io() -> None:
    found = []
    for path in PURE:
        names = dict(imports(tree(path)))
        if "pathlib.Path" not in names:
            names.pop("pathlib", None)  # pure paths are text
        for name, line in names.items():
            outside = (name.partition(".")[0] in IO or name in IO) and "Pure" not in name
            impure = name.startswith("gate.") and rooms().get(name.split(".")[1]) is False
            found += [f"{place(path, line)}: {name}"] if outside or impure else []
    assert found == []


def test_what_is_private_is_used_in_its_folder_alone() -> None:
    abroad = []
    for path, name, line in ours():
        parts = name.split(".")
        private = next((n for n, part in enumerate(parts) if part.startswith("_") and not part.endswith("__")), None)
        if private is not None:
            home = ROOT.joinpath(*parts[:private])
            inside = path.is_relative_to(home) if home.is_dir() else path == home.with_suffix(".py")
            abroad += [] if inside else [f"{place(path, line)}: {name}"]
    assert abroad == []


def test_no_module_imports_itself_over_others() -> None:
    modules = {path: set[Path]() for path in FILES}
    for path, name, _ in ours():
        base = ROOT.joinpath(*name.split("."))
        target = base.with_suffix(".py") if base.with_suffix(".py").is_file() else base / "__init__.py"
        # a folder's own __init__ is no more than its name to the modules inside
        if (
            target in modules
            and target != path
            and not (target.name == "__init__.py" and target.parent in path.parents)
        ):
            modules[path].add(target)
    done: set[Path] = set()
    while ready := {path for path, needs in modules.items() if path not in done and needs <= done}:
        done |= ready
    assert sorted(str(path.relative_to(ROOT)) for path in modules.keys() - done) == []


def test_the_model_imports_nothing_of_ours() -> None:
    foreign = [
        f"{place(path, line)}: {name}"
        for path, name, line in ours()
        if room(path) == "model" or path.name == "errors.py"
    ]
    assert [text for text in foreign if ": gate.model" not in text] == []


def test_no_import_of_ours_hides_in_a_function() -> None:
    hidden = [
        place(path, line)
        for path in FILES
        if room(path) not in LAZY
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for name, line in imports(function)
        if name.startswith("gate")
    ]
    assert hidden == []


def functions() -> list[int]:
    found = [n for path in FILES for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
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
    others = {".venv", ".venv-docs", ".git", ".gate", "node_modules", ".hypothesis", "results"}
    mine = [p for p in tracked if not others & set(p.relative_to(ROOT).parts)]
    needles = (f"{'/'}work/", f"{'/'}root/", f"{'/'}home/")
    named = {str(p.relative_to(ROOT)) for p in mine for needle in needles if needle in p.read_text("utf-8", "replace")}
    assert named == set()


def test_examples_are_the_same_in_every_process() -> None:
    """gzip writes the time into its head: two workers that collect in different seconds have different ids of tests."""
    timed = re.compile(r"gzip\.compress\((?:[^()]|\([^()]*(?:\([^()]*\))?[^()]*\))*\)")
    found = [
        f"{path.relative_to(ROOT)}: {call[0]}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for call in timed.finditer(path.read_text("utf-8"))
        if "mtime" not in call[0] and path.name != "test_architecture.py"
    ]
    assert found == []
