"""`gate scan` of 100,000 lines, against parsing the same lines and doing nothing with them.

Every file is about such an API: the openai package (four fifths), and our drivers for Node again and again.
"""

from __future__ import annotations

import ast
import importlib.util
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import tree_sitter_javascript
from tree_sitter import Language, Parser

from bench.figures import Figure, interleaved
from gate.inventory.scan import scan
from gate.sdk.scripts import DRIVERS

LINES = 100_000
SCRIPTS = LINES // 5
RUNS = 3


def figures(folder: Path) -> Iterator[Figure]:
    root = folder / "scan"
    lines = sum(_lines(path) for path in _filled(root))
    ours, parsing = interleaved(RUNS, lambda: _timed(lambda: scan(root)), lambda: _timed(lambda: _parsed(root)))
    words = f"{ours / parsing:.1f}×: {ours:.1f} s, and {parsing:.1f} s"
    yield Figure(f"`gate scan` of {lines:,} lines against parsing them alone", words, "8×", ours <= 8 * parsing)


def _filled(root: Path) -> list[Path]:
    """As many files as it takes, so that the last one passes the limit."""
    spec = importlib.util.find_spec("openai")
    package = Path(*(spec.submodule_search_locations if spec and spec.submodule_search_locations else ())[:1])
    made = [*_copied(sorted(package.rglob("*.py")), root / "python", LINES - SCRIPTS)]
    scripts = sorted(DRIVERS.rglob("*.mjs"))
    return [*made, *_copied(scripts * (SCRIPTS // 100), root / "scripts", SCRIPTS)]


def _copied(paths: list[Path], target: Path, most: int) -> Iterator[Path]:
    target.mkdir(parents=True)
    count = 0
    for number, path in enumerate(paths):
        if count >= most:
            return
        copy = target / f"{number}{path.suffix}"
        copy.write_bytes(path.read_bytes())
        count += _lines(copy)
        yield copy


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def _parsed(root: Path) -> None:
    parser = Parser(Language(tree_sitter_javascript.language()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path in root.rglob("*.py"):
            ast.parse(path.read_bytes())
    for path in root.rglob("*.mjs"):
        parser.parse(path.read_bytes())


def _timed(work: Callable[[], object]) -> float:
    # of its own: what else the machine does has no part in it
    start = time.process_time()
    work()
    return time.process_time() - start
