"""The limits of `make bench` are ratios to what is measured beside it, so that they hold on any machine: no seconds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.figures import Figure

BENCH = Path(__file__).parent.parent / "bench"
SECONDS = re.compile(r"\d ?m?s\b|\bseconds?\b")


def limits(source: str) -> Iterator[str]:
    """The third argument of each `Figure`, as it is written."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Figure":
            yield ast.unparse(node.args[2])


@pytest.mark.parametrize(
    ("source", "fires"), [('Figure("a", "b", "2 ms beyond", x)', True), ('Figure(a, b, "2×", x)', False)]
)
def test_what_is_a_limit_in_seconds(source: str, fires: bool) -> None:
    assert any(SECONDS.search(limit) for limit in limits(source)) == fires


def test_no_limit_is_in_seconds() -> None:
    found = [limit for path in BENCH.glob("*.py") for limit in limits(path.read_text("utf-8"))]
    assert len(found) > 10
    assert [limit for limit in found if SECONDS.search(limit)] == []


def test_parts_that_use_the_same_names_run_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    def part(folder: Path) -> Iterator[Figure]:
        (folder / "memory-1").mkdir()
        yield Figure("a", "b", "2×", True)

    monkeypatch.setattr("bench.__main__.PARTS", {"memory": part, "proxy": part})
    assert main([]) == 0
