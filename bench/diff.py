"""`gate diff` of many pairs against merely loading the same files: YAML with the C loader, JSON of every event.

Run as `python -m bench.diff gate|load FOLDER`, one side measures itself in a process of its own, start-up excluded:
the same work is done on ten pairs first, so that imports and rule loading are over. Both sides are single-threaded,
so what is measured there is CPU time, which does not see what else the machine does.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from bench import pairs
from bench.figures import Figure, child, interleaved, seconds
from gate.cli import run

PAIRS = 500
SIZES = (10, 100, 1_000, 10_000)
FEW = "few"


def figures(folder: Path) -> Iterator[Figure]:
    """The ratio in-process and as whole processes, and how the time for one pair grows with their number."""
    yield from _against_loading(folder)
    yield _linear(folder)


def _against_loading(folder: Path) -> Iterator[Figure]:
    place = str(_made(folder, PAIRS))
    yield _ratio(place, f"`gate diff` of {PAIRS} pairs against loading their files")
    yield _ratio(str(_made(folder, PAIRS, unlike=True)), "the same where no two pairs have the same shape")
    sides = [f"{place}/golden", f"{place}/candidate"]
    whole = [sys.executable, "-m", "gate", "diff", *sides]
    loading = [sys.executable, "-m", "bench.diff", "only-load", place]
    judge, load = interleaved(3, lambda: seconds(whole), lambda: seconds(loading))
    words = f"{judge:.2f} s against {load:.2f} s: {judge / load:.2f}×"
    yield Figure("the same as whole processes, start-up and waiting included", words, "–", True)


def _ratio(place: str, what: str) -> Figure:
    judge, load = interleaved(
        5,
        lambda: float(child("bench.diff", "gate", place)["seconds"]),
        lambda: float(child("bench.diff", "load", place)["seconds"]),
    )
    return Figure(what, f"{judge:.2f} s against {load:.2f} s: {judge / load:.2f}×", "3×", judge <= 3 * load)


def _linear(folder: Path) -> Figure:
    """In turns: a processor that many share is slower at times, and the largest number takes a minute."""
    places = [str(_made(folder, size)) for size in SIZES]
    taken = interleaved(3, *(partial(_seconds, place) for place in places))
    each = {size: seconds / size * 1000 for size, seconds in zip(SIZES, taken, strict=True)}
    words = " · ".join(f"{size:,}: {ms:.2f} ms" for size, ms in each.items())
    fine = each[SIZES[-1]] <= 1.5 * each[SIZES[1]]
    return Figure("`gate diff`, milliseconds for one pair, by the number of pairs", words, "linear", fine)


def _seconds(place: str) -> float:
    return float(child("bench.diff", "gate", place)["seconds"])


def _made(folder: Path, count: int, *, unlike: bool = False) -> Path:
    place = folder / f"{count}{'-unlike' if unlike else ''}"
    if not place.exists():
        pairs.write(place, count, unlike=unlike)
        pairs.write(place / FEW, 10)
    return place


# -- one side in a process of its own -----------------------------------------------------------


def _judge(folder: Path) -> None:
    with redirect_stdout(io.StringIO()):
        run(["diff", str(folder / "golden"), str(folder / "candidate")])


def _load(folder: Path) -> None:
    """What any tool must do: every file as YAML, every body and every event of a stream as JSON."""
    for path in sorted((folder / "golden").glob("*.yaml")) + sorted((folder / "candidate").glob("*.yaml")):
        document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        for interaction in document["interactions"]:
            json.loads(interaction["request"]["body"])
            body = interaction["response"]["body"]["string"]
            for text in _texts(body):
                json.loads(text)


def _texts(body: str) -> Iterator[str]:
    if not body.startswith("data:"):
        yield body
        return
    for line in body.split("\n"):
        if line.startswith("data: {"):
            yield line[6:]


def _timed(work: Callable[[Path], None], folder: Path) -> dict[str, Any]:
    # not beside a gate.yaml, where the run would be kept as a page as well: bench.reports has what pages take
    os.chdir(folder)
    work(folder / FEW)
    start = time.process_time()
    work(folder)
    return {"seconds": time.process_time() - start}


def main(what: str, place: str) -> None:
    if what == "only-load":
        _load(Path(place))
    else:
        print(json.dumps(_timed(_judge if what == "gate" else _load, Path(place))))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        main(sys.argv[1], sys.argv[2])
    else:
        with tempfile.TemporaryDirectory() as here:
            for figure in figures(Path(here)):
                print(figure)
