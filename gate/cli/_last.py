"""The last run: `.gate/last/` beside gate.yaml, and the findings of a report by their ids."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gate.errors import GateError
from gate.model import Finding, Report
from gate.store import files
from gate.store.report_file import parse
from gate.text.plural import count
from gate.text.safe import REPORT, line

# chosen: one screen.
_LISTED = 20  # findings that an ambiguous id names
FOLDER = Path(".gate", "last")
REPORT_FILE, PAGE = "report.json", "report.html"


def read(report: Path | None, root: Path = Path()) -> tuple[Report, Path]:
    """The report named, or that of the last run below the folder of gate.yaml, and its path. Raises GateError."""
    path = report or root / FOLDER / REPORT_FILE
    try:
        return parse(files.read(path, REPORT).decode("utf-8"), str(path)), path
    except (OSError, ValueError) as error:
        fix = "write one with --report json:PATH, and name it with --from PATH"
        raise GateError(
            "can't read the report" if report else "there is no last run here", where=str(path), fix=fix
        ) from error


def findings_of(start: str, report: Report, path: Path) -> list[Finding]:
    """The finding whose fingerprint starts so: the first of each route. GateError where there is none, or another."""
    findings = [finding for finding in report.findings if finding.fingerprint.startswith(start)]
    if not findings:
        raise GateError(f"no finding {line(start, 80)} in it", where=str(path), fix="copy the id from the same report")
    exact = [finding for finding in findings if finding.fingerprint == start]
    prints = {finding.fingerprint for finding in exact or findings}
    # An empty id is the start of every fingerprint.
    if not start or len(prints) > 1:
        raise GateError(
            f"{count(len(prints), 'finding')} start with {start!r}:{_listed(findings)}",
            where=str(path),
            fix="give more of the id",
        )
    return list({finding.route: finding for finding in reversed(exact or findings)}.values())[::-1]


def _listed(findings: Sequence[Finding]) -> str:
    rows = {f.fingerprint: f"\n  {line(f.fingerprint)}  {line(f.rule)}  {line(f.scenario)}" for f in reversed(findings)}
    more = [f"\n  … and {len(rows) - _LISTED} more"] if len(rows) > _LISTED else []
    return "".join([*list(rows.values())[::-1][:_LISTED], *more])
