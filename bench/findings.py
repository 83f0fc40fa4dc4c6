"""`python -m bench.findings PAIRS > LIST`, `python -m bench.findings LIST LIST`: did a change of ours change verdicts?

PAIRS is a folder that holds CASE/golden and CASE/candidate at any depth, each a folder of cassettes. A LIST has one
line of JSON for each finding: everything that a tool may rely on. Messages and hints stand apart, because words may get
better. Exit 1 where two lists differ in anything but words.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gate.cli import run

_FACTS = (
    "scenario", "rule", "area", "severity", "outcome", "endpoint", "step", "path", "golden", "candidate", "hits",
    "samples", "fingerprint", "location",
)  # fmt: skip
_WORDS = ("message", "who_breaks", "hint")
_SHOWN = 40  # differences that are printed


def main(arguments: list[str]) -> int:
    match arguments:
        case [pairs] if Path(pairs).is_dir():
            return _record(Path(pairs))
        case [before, after]:
            return _compare(_read(before), _read(after))
    sys.exit(__doc__)


def _record(pairs: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        for golden in sorted(path for path in pairs.rglob("golden") if path.is_dir()):
            name = golden.parent.relative_to(pairs).as_posix()
            for line in _findings(golden.parent, Path(folder, "report.json")):
                print(json.dumps({"case": name, **line}, sort_keys=True), flush=True)
    return 0


def _findings(case: Path, report: Path) -> Iterator[dict[str, Any]]:
    report.unlink(missing_ok=True)
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        code = run(["diff", str(case / "golden"), str(case / "candidate"), "--report", f"json:{report}"])
    found = json.loads(report.read_text("utf-8")) if report.exists() else {}
    yield {
        "exit": code,
        "verdict": found.get("verdict"),
        "scenarios": [s["status"] for s in found.get("scenarios", ())],
    }
    for one in found.get("findings", ()):
        facts = {name: one.get(name) for name in _FACTS}
        facts["location"] = {**(facts["location"] or {}), "file": ""}  # where the pairs lie is no matter
        yield {**facts, "words": [one.get(name) for name in _WORDS]}


def _read(path: str) -> list[tuple[str, str]]:
    """(facts, words) of each line."""
    lines = [json.loads(line) for line in Path(path).read_text("utf-8").split("\n") if line]
    words = [json.dumps(line.pop("words", None)) for line in lines]
    return list(zip((json.dumps(line, sort_keys=True) for line in lines), words, strict=True))


def _compare(before: list[tuple[str, str]], after: list[tuple[str, str]]) -> int:
    ours, theirs = {facts for facts, _ in before}, {facts for facts, _ in after}
    changes = [f"- {facts}" for facts in sorted(ours - theirs)] + [f"+ {facts}" for facts in sorted(theirs - ours)]
    reworded = sum(ours[facts] != words for ours in [dict(before)] for facts, words in after if facts in ours)
    print("\n".join(changes[:_SHOWN]))
    print(f"{len(before)} lines before, {len(after)} after; {len(changes)} differ; {reworded} say it in other words")
    return 1 if changes or len(before) != len(after) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
