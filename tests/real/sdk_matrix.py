"""Real SDK versions, each against the next and against itself, over our own goldens and all faults: `make sdks`.

python -m tests.real.sdk_matrix [WORD …]    runs all, or the rows with one of these words in their names, and writes
                                            docs/sdks/<today>.json; what an earlier run of today found stays

Nothing is sent to a provider. Versions and Node come from the registries, once.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from gate import __version__
from gate.model import Finding, Report
from tests.real.sdks import judged

FILES = Path(__file__).parents[2] / "docs" / "sdks"

# (from, to, on which Nodes). openai-node 7 and ai 7 want Node 22.
UPGRADES: Sequence[tuple[str, str, tuple[str, ...]]] = (
    ("openai==1.109.1", "openai==2.54.0", ()),
    ("openai==2.54.0", "openai==3.57.0", ()),
    ("langchain-openai==0.3.35", "langchain-openai==1.0.3", ()),
    ("langchain-openai==1.0.3", "langchain-openai==1.7.4", ()),
    ("litellm==1.98.0", "litellm==1.110.2", ()),
    # with what was current beside it: openai 2.45 breaks 0.17.8 (openai/openai-agents-python#3772)
    ("openai-agents==0.17.8 openai==2.44.0", "openai-agents==0.24.0 openai==3.57.0", ()),
    ("pydantic-ai-slim==1.107.10", "pydantic-ai-slim==2.68.0", ()),
    ("npm:openai@5.23.2", "npm:openai@6.49.0", ("20", "22")),
    ("npm:openai@6.49.0", "npm:openai@7.59.0", ("22",)),
    ("npm:ai@5.0.277", "npm:ai@6.0.326", ("20", "22")),
    ("npm:ai@6.0.326", "npm:ai@7.0.173", ("22",)),
    ("npm:@langchain/openai@0.6.17", "npm:@langchain/openai@1.6.0", ("20", "22")),
)
# A version against itself, how often.
SAME: Sequence[tuple[str, str, int]] = (
    ("openai==3.57.0", "", 10),
    ("npm:openai@7.59.0", "22", 10),
    ("openai==2.54.0", "", 1),
    ("langchain-openai==1.7.4", "", 1),
    ("litellm==1.110.2", "", 1),
    ("openai-agents==0.24.0", "", 1),
    ("pydantic-ai-slim==2.68.0", "", 1),
    ("npm:openai@6.49.0", "20", 1),
    ("npm:ai@6.0.326", "20", 1),
    ("npm:ai@7.0.173", "22", 1),
    ("npm:@langchain/openai@1.6.0", "20", 1),
)


def title(versions: Sequence[str], node: str) -> str:
    """The name of a row: `openai==2.54.0 → openai==3.57.0`, with its Node where it has one."""
    return " → ".join(versions) + (f" on Node {node}" if node else "")


def upgrade(before: str, after: str, node: str) -> dict[str, Any]:
    """What one upgrade changes, with the words of both versions."""
    started = time.monotonic()
    report = judged(before, after, node=node or None)
    return {
        "versions": [report.golden.get("versions"), report.candidate.get("versions")],
        "seconds": round(time.monotonic() - started),
        "scenarios": statuses(report),
        "crashes": len(report.crashes),
        "notes": list(report.notes),
        "findings": grouped(report.findings),
    }


def same(version: str, node: str, runs: int) -> dict[str, Any]:
    """How many findings, of whatever severity, there are in each run of a version against itself."""
    started = time.monotonic()
    reports = [judged(version, version, node=node or None) for _ in range(runs)]
    return {
        "versions": reports[-1].golden.get("versions"),
        "seconds": round((time.monotonic() - started) / runs),
        "scenarios": statuses(reports[-1]),
        "crashes": sum(len(report.crashes) for report in reports),
        "told": [len(report.findings) for report in reports],
        "findings": grouped(finding for report in reports for finding in report.findings),
    }


def statuses(report: Report) -> dict[str, int]:
    """How many scenarios ended how."""
    found: dict[str, int] = defaultdict(int)
    for result in report.scenarios:
        found[result.status] += 1
    return dict(sorted(found.items()))


def grouped(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Gravest first; what differs in the scenario alone is one, with all of them."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for one in findings:
        found[one.severity.word, one.rule, one.path, one.message, one.golden, one.candidate].add(one.scenario)
    names = ("severity", "rule", "path", "message", "golden", "candidate")
    order = ("breaking", "risky", "info")
    keys = sorted(found, key=lambda key: (order.index(key[0]), key))
    return [dict(zip(names, key, strict=True)) | {"scenarios": sorted(found[key])} for key in keys]


# -- the file -----------------------------------------------------------------------------------


def newest() -> dict[str, Any]:
    """The newest file that is committed."""
    found: dict[str, Any] = json.loads(max(FILES.glob("*.json")).read_text("utf-8"))
    return found


def main(words: Sequence[str]) -> None:
    """Runs every row, or those with one of the words, and writes after each."""
    today = datetime.now(UTC).date().isoformat()
    file = FILES / f"{today}.json"
    FILES.mkdir(exist_ok=True)
    known = json.loads(file.read_text("utf-8")) if file.exists() else {}
    found = {"date": today, "swapgate": __version__, "upgrades": {}, "same": {}} | known
    for part, rows in (("upgrades", _upgrades()), ("same", _same())):
        for name, run in rows.items():
            if not words or any(word in name for word in words):
                found[part][name] = run()
                print(f"{name}: {found[part][name]['seconds']} s", file=sys.stderr, flush=True)
                found[part] = {name: found[part][name] for name in rows if name in found[part]}
                _written(file, found)


def _upgrades() -> Mapping[str, Callable[[], dict[str, Any]]]:
    return {
        title((before, after), node): partial(upgrade, before, after, node)
        for before, after, nodes in UPGRADES
        for node in nodes or ("",)
    }


def _same() -> Mapping[str, Callable[[], dict[str, Any]]]:
    return {title((version,), node): partial(same, version, node, runs) for version, node, runs in SAME}


def _written(file: Path, found: Mapping[str, Any]) -> None:
    """A line for each finding, so that two files can be compared by eye."""
    text = json.dumps(found, indent=1, ensure_ascii=False)
    file.write_text(_FLAT.sub(lambda flat: " ".join(flat[0].split()), text) + "\n", "utf-8")


_WORD = r'"(?:[^"\\]|\\.)*"'
_LIST = rf"\[\s+(?:(?:{_WORD}|\d+),?\s+)+\]"
_FLAT = re.compile(rf"{_LIST}|\{{\s+(?:{_WORD}: (?:{_WORD}|\d+|{_LIST}),?\s+)+\}}")


if __name__ == "__main__":
    main(sys.argv[1:])
