"""All real gateways in a hermetic check, and upgrades of one of them: `make gateways`.

python -m tests.real.matrix [NAME …]    runs all (half an hour), or these alone, and writes docs/gateways/<today>.json
python -m tests.real.matrix --again     makes the newest file again from the bytes that the runs left

What passed both sides stays in results/gateways/<name>/.gate/, so that each line of the file can be looked up in the bytes.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gate import __version__
from gate.store.sides import load_side
from tests.real.facts import facts
from tests.real.gateways import MATRIX
from tests.real.hermetic import check, diff, project
from tests.real.servers import UnavailableError

ROOT = Path(__file__).parents[2]
FILES = ROOT / "docs" / "gateways"
RUNS = ROOT / "results" / "gateways"

SCENARIOS = (
    "chat", "chat-stream", "chat-stream-usage", "tool-forced", "tool-forced-stream", "embed", "responses",
    "responses-stream", "models", "error-bad-key", "error-malformed-json",
)  # fmt: skip
REPEATED = {"haproxy": 10}
"""A pass-through must stay silent every time, not once."""
UPGRADES = (
    ("litellm-1.74", "litellm"), ("litellm-1.93", "litellm-1.98"), ("litellm-1.98", "litellm"), ("litellm-1.98", "litellm-1.98"),
)  # fmt: skip
"""(from, to); a version against itself must be silent."""


def gateway(name: str) -> dict[str, Any]:
    """The runs of one gateway: version, findings and facts of the last, and how many findings are risky or above in each."""
    folder = _emptied(name)
    version = project(folder, {name: MATRIX[name]}, SCENARIOS)[name]
    started = time.monotonic()
    reports = [check(folder, name) for _ in range(REPEATED.get(name, 1))]
    return {
        "version": version,
        "seconds": round((time.monotonic() - started) / len(reports)),
        "grave": [sum(f["severity"] != "info" for f in report["findings"]) for report in reports],
        **_said(reports[-1], folder, name),
    }


def upgrade(old: str, new: str) -> dict[str, Any]:
    """Both versions on the same upstream, the old one as golden."""
    folder = _emptied(_beside(old, new))
    routes = {"old": MATRIX[old], "new": MATRIX[new]}
    versions = project(folder, routes, SCENARIOS)
    report = check(folder, "new", "--against", "old")
    return {
        "versions": [versions["old"], versions["new"]],
        **_said(report, folder, "old", "new"),
    }


def _said(report: Mapping[str, Any], folder: Path, *routes: str) -> dict[str, Any]:
    """What the rules said, and what the bytes of each route say without them."""
    each = {route: facts(load_side(folder / ".gate" / route).exchanges) for route in routes}
    return {
        "crashes": len(report["crashes"]),
        "findings": grouped(report["findings"]),
        "facts": each if len(each) > 1 else each[routes[0]],
    }


def _beside(old: str, new: str) -> str:
    return f"{old}-to-{new}"


def _emptied(name: str) -> Path:
    folder = RUNS / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def grouped(findings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The findings of a report, each with all scenarios where it was made, gravest first."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for finding in findings:
        found[finding["severity"], finding["rule"], finding["path"]].add(finding["scenario"])
    order = ("breaking", "risky", "info")
    return [
        {"severity": severity, "rule": rule, "path": path, "scenarios": sorted(scenarios)}
        for (severity, rule, path), scenarios in sorted(found.items(), key=lambda item: (order.index(item[0][0]), item))
    ]


# -- the file -----------------------------------------------------------------------------------


def newest() -> dict[str, Any]:
    """The newest file that is committed."""
    found: dict[str, Any] = json.loads(max(FILES.glob("*.json")).read_text("utf-8"))
    return found


def _written(file: Path, found: Mapping[str, Any]) -> None:
    """A line for each list of words, so that two files can be compared by eye."""
    text = json.dumps(found, indent=1, ensure_ascii=False)
    file.write_text(_LIST.sub(lambda found: " ".join(found[0].split()), text) + "\n", "utf-8")


_LIST = re.compile(r'\[\s+(?:(?:"(?:[^"\\]|\\.)*"|\d+),?\s+)+\]')


def again() -> None:
    """Judges the kept bytes of the newest file's runs again, and reads its facts from them; starts nothing."""
    found = newest()
    for name, one in found["gateways"].items():
        one |= _said(diff(RUNS / name, "golden", f".gate/{name}"), RUNS / name, name)
    for old, new in UPGRADES:
        folder = RUNS / _beside(old, new)
        found["upgrades"][f"{old} → {new}"] |= _said(diff(folder, ".gate/old", ".gate/new"), folder, "old", "new")
    _written(FILES / f"{found['date']}.json", found)


def main(names: list[str]) -> None:
    """Runs what was named, or all; what an earlier run of today found stays."""
    today = datetime.now(UTC).date().isoformat()
    file = FILES / f"{today}.json"
    FILES.mkdir(exist_ok=True)
    found = json.loads(file.read_text("utf-8")) if file.exists() else {"gateways": {}, "upgrades": {}}
    found = {"date": today, "swapgate": __version__, "scenarios": list(SCENARIOS), **found}
    for name in MATRIX:
        _into(found["gateways"], name, names, lambda name=name: gateway(name))
        _written(file, found)
    for old, new in UPGRADES:
        _into(found["upgrades"], f"{old} → {new}", names, lambda old=old, new=new: upgrade(old, new))
        _written(file, found)


def _into(found: dict[str, Any], name: str, names: list[str], run: Any) -> None:
    if names and name not in names:
        return
    try:
        found[name] = run()
    except UnavailableError as reason:
        found[name] = {"unavailable": str(reason)}
    print(f"{name}: {found[name].get('unavailable') or found[name].get('grave', 'done')}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    again() if sys.argv[1:] == ["--again"] else main(sys.argv[1:])
