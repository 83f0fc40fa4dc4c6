"""The gate on coverage: every line and every branch of the pure core is taken by some fast test.

python -m tests.core_coverage       reads the `.coverage` of the last `make test`; prints what was not taken, exits 1
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from coverage import Coverage
from coverage.exceptions import NoDataError

from tests.house import PURE, ROOT

EXCEPT: Mapping[str, str] = {
    "gate/__init__.py": "pytest imports it with our plugin, before anything is traced",
}
"""Files that may stay below, with the reason. A line is excluded where it stands: `# pragma: no cover (reason)`."""


def untaken(measured: Mapping[str, Any]) -> Iterator[str]:
    """`file:line: …` for each line and branch of coverage's JSON report that nothing took."""
    for name, file in sorted(measured["files"].items()):
        place = Path(name).as_posix()
        if place in EXCEPT:
            continue
        yield from (f"{place}:{number}: never runs" for number in file["missing_lines"])
        # branches from and to a line that never runs are told by that line
        told = set(file["missing_lines"])
        branches = [(at, to) for at, to in file["missing_branches"] if not told & {at, to}]
        yield from (f"{place}:{at}: never goes {f'to line {to}' if to > 0 else 'to the end'}" for at, to in branches)


def report(data: Path) -> Mapping[str, Any]:
    """Coverage's own JSON report of the pure core."""
    measured = Coverage(data_file=str(data), config_file=str(ROOT / "pyproject.toml"))
    measured.load()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "coverage.json")
        measured.json_report([str(path) for path in PURE], outfile=str(file))
        found: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def main() -> int:
    """Print what was not taken."""
    try:
        measured = report(ROOT / ".coverage")
    except NoDataError:
        print("there is no .coverage here: run make test first", file=sys.stderr)
        return 2
    if not measured["meta"]["branch_coverage"]:
        print("this .coverage is of a run that was broken off: run make test again", file=sys.stderr)
        return 2
    found = list(untaken(measured))
    unseen = {path.relative_to(ROOT).as_posix() for path in PURE} - {
        Path(name).as_posix() for name in measured["files"]
    }
    found += [f"{place}: nothing imports it" for place in sorted(unseen)]
    print("\n".join(found) or f"the pure core ({len(PURE)} files): every line, every branch")
    if found:
        print(f"\n{len(found)} lines and branches of the pure core that no fast test takes: add a row, or remove them")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
