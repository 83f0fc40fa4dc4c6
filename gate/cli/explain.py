"""`gate explain ID`: a rule's page, or one finding of a report: its bytes, its rule, its policy, its request."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import click

from gate.cli._last import FOLDER, PAGE, REPORT_FILE, findings_of, read
from gate.cli._policy import DEFAULT, settle
from gate.config import gate_yaml
from gate.errors import GateError
from gate.explain.arrivals import table
from gate.explain.curl import curl, variables
from gate.explain.side_by_side import matching, side_by_side
from gate.judge.budgets import LATENCY_BUDGET
from gate.model import Exchange, Finding, Location, Report
from gate.redact.scrub import Scrubber
from gate.reports.words.figures import routes_of
from gate.reports.words.findings import headline_lines
from gate.reports.words.headlines import Headline
from gate.reports.words.rule_page import PAGED, in_terminal
from gate.reports.words.ways_out import DAYS, tolerance, ways_out
from gate.rules import rules
from gate.rules.split import SPLIT
from gate.store import cassette
from gate.store.shipped import rule_pages
from gate.text.nearest import nearest
from gate.text.safe import uncommanded
from gate.text.yaml_entry import entry_text

_KNOWN = (*rules(), *PAGED)
_PRINT = re.compile("[0-9a-f]{12}")  # a fingerprint


@click.command(name="explain")
@click.argument("id", required=False)
@click.option("--from", "report", type=click.Path(path_type=Path), help="A JSON report; that of the last run without.")
def command(id: str | None, report: Path | None) -> int:  # noqa: A002
    """Explain a rule by its id, or a finding of the last run by its fingerprint; without an id, open its page.

    A finding is shown with the bytes around it, golden and candidate side by side, as long as the cassettes that the
    report names are there.
    """
    if id is None:
        return _open(FOLDER / PAGE)
    if id in _KNOWN:
        click.echo(_page(id, _published()))
        return 0
    if report is None and not (FOLDER / REPORT_FILE).is_file():
        raise _unknown(id)
    found, place = read(report)
    if report is None and nearest(id, _KNOWN) and not any(f.fingerprint.startswith(id) for f in found.findings):
        raise _unknown(id)
    findings = findings_of(id, found, place)
    for finding in findings:
        lines = headline_lines(Headline((finding,)), found.rules_url)
        click.echo("\n".join([*lines, "", *_bytes(finding, found), "", *_ways_out(finding)]))
    click.echo(_page(findings[0].rule, found.rules_url or _published()))
    return 0


def _open(page: Path) -> int:
    """The page of the last run, in a browser where there is a terminal."""
    if not page.is_file():
        fix = "a check beside a gate.yaml leaves one there; `gate explain ID` explains a rule"
        raise GateError("there is no last run here", where=str(page), fix=fix)
    click.echo(page)
    if sys.stdout.isatty():
        click.launch(str(page))
    return 0


def _ways_out(finding: Finding) -> Iterator[str]:
    if finding.outcome != "enforced":
        return
    yield from ways_out(Headline((finding,)))
    reason, until = "why it can wait", date.today() + timedelta(days=DAYS)
    yield "  which is this in gate.yaml, under policy.tolerate:"
    yield uncommanded(entry_text(tolerance(finding, reason=reason, until=until), "    "))


def _page(rule: str, published: str) -> str:
    """The page of a rule. Names come from reports, too: what is no rule of ours opens no file."""
    if rule not in _KNOWN:
        return ""
    path = rule_pages() / f"{rule}.md"
    return in_terminal(path.read_text("utf-8"), published) if path.is_file() else f"# {rule}\n"


def _published() -> str:
    try:
        return settle(None, None).rules_url
    except GateError:  # a page helps to mend gate.yaml
        return ""


def _bytes(finding: Finding, report: Report) -> Iterator[str]:
    if finding.rule == LATENCY_BUDGET:  # of the whole run, and of no exchange
        return
    golden, candidate = (_exchange(finding, place) for place in (finding.golden_location, finding.location))
    # A report from CI is often read where only the goldens are.
    if golden is None or candidate is None:
        yield "(the cassettes that the report names are not here, so the bytes can't be shown)"
        return
    if finding.area == "latency":
        yield from (*table(golden, candidate), "")
    if not finding.path.startswith("timing."):  # the bytes are the same, and only came at other times
        yield from (*side_by_side(finding, golden, candidate, shutil.get_terminal_size((160, 40)).columns), "")
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
    if _PRINT.fullmatch(name):
        fix = "name its report with --from, or run this beside the gate.yaml whose last run has it"
        return GateError(f"no last run here has the finding {name}", fix=fix)
    near = nearest(name, _KNOWN)
    fix = f"did you mean {near}?" if near else "gate rules lists them; a fingerprint needs --from report.json"
    return GateError(f"there is no rule {name}", fix=fix)
