"""pytest and syrupy (https://syrupy-project.github.io/syrupy/): a snapshot of the golden's answer, asserted again.

Values that differ from call to call are replaced by their types with `path_type`, as its documentation says; what a
client compares is pinned (`form.PINNED`), and JSON in a text is read. Of a stream, events of one shape after each other
are one.

As a script it asks both routes, and has pytest write the snapshots and assert them; the test is in the same file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from form import PINNED, sent

AT_ONCE = 8
_TYPED = rf"^(?!(.*\.)?({'|'.join(sorted(PINNED))})$).*$"

Line = Mapping[str, Any]


def main() -> None:
    """Asks, and lets pytest judge."""
    lines = [json.loads(line) for line in sys.stdin]
    here = Path(__file__)
    with tempfile.TemporaryDirectory(prefix="syrupy-") as folder:
        for name in (here.name, "form.py"):
            shutil.copy(here.with_name(name), folder)
        for side in ("golden", "candidate"):
            with ThreadPoolExecutor(AT_ONCE) as pool:
                every = list(pool.map(lambda line, side=side: _answers(line, line[side]), lines))
            Path(folder, "answers.json").write_text(json.dumps(every), "utf-8")
            options = ["--snapshot-update"] if side == "golden" else ["--junitxml=result.xml"]
            command = [sys.executable, "-m", "pytest", "-q", "--tb=line", "-p", "no:cacheprovider", here.name, *options]
            subprocess.run(command, cwd=folder, env={**os.environ, "COUNT": str(len(lines))}, stdout=subprocess.DEVNULL)
        failed = {
            test.get("name", ""): (fault.get("message") or "").split("\n")[0]
            for test in ElementTree.parse(Path(folder, "result.xml")).iter("testcase")
            if (fault := test.find("failure")) is not None
        }
    for number, line in enumerate(lines):
        said = "alarm" if f"test_shape[{number}]" in failed else "accepts"
        print(json.dumps({"name": line["name"], "said": said, "why": failed.get(f"test_shape[{number}]", "")[:150]}))


def _answers(line: Line, base_url: str) -> list[Any]:
    return [_reduced(sent(base_url, request)) for request in line["requests"]]


def _reduced(answer: dict[str, Any]) -> dict[str, Any]:
    """Without time, and with one event for those of one shape that follow each other."""
    kept = {key: value for key, value in answer.items() if key != "seconds"}
    if "events" in kept:
        shapes: list[Any] = []
        for event in kept["events"]:
            if not shapes or _shape(shapes[-1]) != _shape(event):
                shapes.append(event)
        kept["events"] = shapes
    return kept


def _shape(value: Any, name: str = "") -> Any:
    match value:
        case dict():
            return {key: _shape(one, key) for key, one in value.items()}
        case list():
            return [_shape(one) for one in value]
        case _:
            return value if name in PINNED else type(value).__name__


# -- the test -----------------------------------------------------------------------------------


@cache
def _every() -> list[Any]:
    every: list[Any] = json.loads(Path("answers.json").read_text("utf-8"))
    return every


def pytest_generate_tests(metafunc: Any) -> None:
    """One test for each case."""
    metafunc.parametrize("number", range(int(os.environ["COUNT"])))


def test_shape(number: int, snapshot: Any) -> None:
    """The answers of one case."""
    from syrupy.matchers import path_type  # only in its environment

    matcher = path_type({_TYPED: (str, int, float, bool)}, regex=True, strict=False)
    for answer in _every()[number]:
        assert answer == snapshot(matcher=matcher)


if __name__ == "__main__":
    main()
