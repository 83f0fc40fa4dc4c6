"""`gate --version` against the least that any program with click can cost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, interleaved, seconds

RUNS = 21


def figures(_folder: Path) -> Iterator[Figure]:
    script = Path(sys.executable).with_name("gate")
    version = [str(script), "--version"] if script.exists() else [sys.executable, "-m", "gate", "--version"]
    bare = [sys.executable, "-c", "import click"]
    ours, click = interleaved(RUNS, lambda: seconds(version), lambda: seconds(bare))
    words = f"{ours * 1000:.0f} ms against {click * 1000:.0f} ms: {ours / click:.2f}×"
    yield Figure('`gate --version` against `python -c "import click"`', words, "2×", ours <= 2 * click)
