"""One line of the table, and the clock under it."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, what came out, and the limit that the project set itself (`fine`: it holds)."""

    what: str
    measured: str
    limit: str
    fine: bool


def seconds(command: Sequence[str]) -> float:
    """Wall time of a whole process that must succeed."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def child(module: str, *arguments: str) -> dict[str, Any]:
    """What `python -m module arguments` prints as JSON on its last line: each measurement in a fresh process."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def interleaved(runs: int, *measured: Callable[[], float]) -> list[float]:
    """The medians of several measurements that take turns, so that a busy moment hits all alike."""
    found: list[list[float]] = [[] for _ in measured]
    for _ in range(runs):
        for values, measure in zip(found, measured, strict=True):
            values.append(measure())
    return [statistics.median(values) for values in found]


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; `share` is from 0 to 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
