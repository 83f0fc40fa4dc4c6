"""`gate explain ID`: a rule's page, or one finding of a report: its bytes, its rule, its policy, its request."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from gate.cli._policy import DEFAULT
from gate.config import gate_yaml
from gate.errors import GateError
from gate.explain.curl import curl, variables
from gate.explain.side_by_side import matching, side_by_side
from gate.judge.budgets import LATENCY_BUDGET
from gate.judge.policy import OWN
from gate.model import Exchange, Finding, Location, Report
from gate.redact.scrub import Scrubber
from gate.reports.words.figures import routes_of
from gate.reports.words.findings import finding_lines
from gate.rules import rules
from gate.rules.split import SPLIT
from gate.store import cassette, files
from gate.store.report_file import parse
from gate.store.shipped import rule_pages
from gate.text.nearest import nearest
from gate.text.plural import count
from gate.text.safe import REPORT, line

_KNOWN = (*rules(), *OWN)
# chosen: one screen.
_LISTED = 20  # findings that an ambiguous id names


@click.command(name="explain")
@click.argument("id")
@click.option("--from", "report", type=click.Path(path_type=Path), help="A JSON report that holds the finding.")
def command(id: str, report: Path | None) -> int:  # noqa: A002
    """Explain a rule by its id, or a finding by its fingerprint (with --from report.json).

    A finding is shown with the bytes around it, golden and candidate side by side, as long as the cassettes that the
    report names are there.
    """
    if id in _KNOWN:
        click.echo(_page(id))
        return 0
    if report is None:
        raise _unknown(id)
    read = _read(report)
    findings = _findings(id, read, report)
    for finding in findings:
        click.echo("\n".join([*finding_lines(finding), "", *_bytes(finding, read), ""]))
    click.echo(_page(findings[0].rule))
    return 0


def _page(rule: str) -> str:
    """The page of a rule. Names come from reports, too: what is no rule of ours opens no file."""
    if rule not in _KNOWN:
        return ""
    path = rule_pages() / f"{rule}.md"
    return path.read_text("utf-8") if path.is_file() else f"# {rule}\n"


def _read(report: Path) -> Report:
    try:
        return parse(files.read(report, REPORT).decode("utf-8"), str(report))
    except (OSError, ValueError) as error:
        raise GateError("can't read the report", where=str(report), fix="write one with --report json:PATH") from error


def _findings(start: str, read: Report, report: Path) -> list[Finding]:
    """The finding whose fingerprint starts so: the first of each route. GateError where there is none, or another."""
    findings = [finding for finding in read.findings if finding.fingerprint.startswith(start)]
    if not findings:
        raise GateError(f"no finding {start} in it", where=str(report), fix="copy the id from the same report")
    exact = [finding for finding in findings if finding.fingerprint == start]
    prints = {finding.fingerprint for finding in exact or findings}
    # An empty id is the start of every fingerprint.
    if not start or len(prints) > 1:
        raise GateError(
            f"{count(len(prints), 'finding')} start with {start!r}:{_listed(findings)}",
            where=str(report),
            fix="give more of the id",
        )
    return list({finding.route: finding for finding in reversed(exact or findings)}.values())[::-1]


def _listed(findings: Sequence[Finding]) -> str:
    rows = {f.fingerprint: f"\n  {line(f.fingerprint)}  {line(f.rule)}  {line(f.scenario)}" for f in reversed(findings)}
    more = [f"\n  … and {len(rows) - _LISTED} more"] if len(rows) > _LISTED else []
    return "".join([*list(rows.values())[::-1][:_LISTED], *more])


def _bytes(finding: Finding, report: Report) -> Iterator[str]:
    if finding.rule == LATENCY_BUDGET:  # of the whole run, and of no exchange
        return
    golden, candidate = (_exchange(finding, place) for place in (finding.golden_location, finding.location))
    # A report from CI is often read where only the goldens are.
    if golden is None or candidate is None:
        yield "(the cassettes that the report names are not here, so the bytes can't be shown)"
        return
    yield from side_by_side(finding, golden, candidate, shutil.get_terminal_size((160, 40)).columns)
    yield ""
    yield "the request again:"
    yield f"  {curl(candidate.request, _variables(finding, report))}"


def _exchange(finding: Finding, place: Location) -> Exchange | None:
    # `isfile`: a report may name a device, such as /dev/stdin, which would block for ever.
    # the name comes from a report: os.path takes one that is too long, or holds a NUL, for a file that is not there
    if place.file is None or not os.path.isfile(place.file):
        return None
    found = matching(cassette.load(Path(place.file)).exchanges, finding, place.line)
    # what others recorded may hold what ours never stores
    return found if found is None or found.scenario else Scrubber().scrub(found)


def _variables(finding: Finding, report: Report) -> dict[str, str]:
    """Header or parameter → variable, as the report says of the finding's route, and gate.yaml where it does not."""
    facts = report.candidate
    if finding.route:
        facts = dict(routes_of(facts)).get(finding.route, {})
    reported = facts.get("variables")
    name = finding.route or str(facts.get("route", ""))
    route = gate_yaml.load(DEFAULT).routes.get(name) if DEFAULT.is_file() else None
    # The report wins: it says how the request was sent, gate.yaml how it would be sent today.
    return {**(variables(route) if route else {}), **(reported if isinstance(reported, dict) else {})}


def _unknown(name: str) -> GateError:
    if name in SPLIT:
        return GateError(f"the rule {name} was split, one id for each drift", fix=f"explain {', '.join(SPLIT[name])}")
    near = nearest(name, _KNOWN)
    fix = f"did you mean {near}?" if near else "gate rules lists them; a fingerprint needs --from report.json"
    return GateError(f"there is no rule {name}", fix=fix)
