"""`gate explain ID`: a rule's page, or one finding of a report: its bytes, its rule, its policy, its request."""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Iterator
from pathlib import Path

import click

from gate import cassette
from gate import config as configuration
from gate.cli._policy import DEFAULT
from gate.errors import GateError
from gate.files.reportfile import parse
from gate.model import Exchange, Finding, Location, Report
from gate.prose.closeup import curl, matching, side_by_side
from gate.prose.wording import finding_lines
from gate.rules import rules
from gate.shipped import rule_pages


@click.command(name="explain")
@click.argument("id")
@click.option("--from", "report", type=click.Path(path_type=Path), help="A JSON report that holds the finding.")
def command(id: str, report: Path | None) -> int:  # noqa: A002
    """Explain a rule by its id, or a finding by its fingerprint (with --from report.json).

    A finding is shown with the bytes around it, golden and candidate side by side, as long as the cassettes that the
    report names are there.
    """
    if id in rules():
        click.echo(_page(id))
        return 0
    if report is None:
        raise _unknown(id)
    read = _read(report)
    finding = _finding(id, read, report)
    click.echo("\n".join([*finding_lines(finding), "", *_bytes(finding, read), "", _page(finding.rule)]))
    return 0


def _page(rule: str) -> str:
    path = rule_pages() / f"{rule}.md"
    if path.is_file():
        return path.read_text("utf-8")
    return f"# {rule}\n\n{rules()[rule].summary}\n" if rule in rules() else ""


def _read(report: Path) -> Report:
    try:
        return parse(report.read_text("utf-8"), str(report))
    except (OSError, ValueError) as error:
        raise GateError("can't read the report", where=str(report), fix="write one with --report json:PATH") from error


def _finding(fingerprint: str, read: Report, report: Path) -> Finding:
    found = [finding for finding in read.findings if finding.fingerprint.startswith(fingerprint)]
    if not found:
        raise GateError(f"no finding {fingerprint} in it", where=str(report), fix="copy the id from the same report")
    return found[0]


def _bytes(finding: Finding, report: Report) -> Iterator[str]:
    golden, candidate = (_exchange(finding, place) for place in (finding.golden_location, finding.location))
    if golden is None or candidate is None:
        yield "(the cassettes that the report names are not here, so the bytes can't be shown)"
        return
    yield from side_by_side(finding, golden, candidate, shutil.get_terminal_size((160, 40)).columns)
    yield ""
    yield "the request again:"
    yield f"  {curl(candidate.request, _variable(str(report.candidate.get('route', ''))))}"


def _exchange(finding: Finding, place: Location) -> Exchange | None:
    if place.file is None or not Path(place.file).is_file():
        return None
    return matching(cassette.load(Path(place.file)).exchanges, finding, place.line)


def _variable(route: str) -> str:
    """The name of the variable that holds the route's key."""
    if DEFAULT.is_file():
        found = configuration.load(DEFAULT).routes.get(route)
        if found and found.api_key_env:
            return found.api_key_env
    return "API_KEY"


def _unknown(name: str) -> GateError:
    near = difflib.get_close_matches(name, rules(), 1)
    fix = f"did you mean {near[0]}?" if near else "gate rules lists them; a fingerprint needs --from report.json"
    return GateError(f"there is no rule {name}", fix=fix)
