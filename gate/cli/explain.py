"""`gate explain ID`: a rule's page, or one finding of a report with the page of its rule."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from gate.errors import GateError
from gate.model import Finding
from gate.reportfile import parse
from gate.rules import rules
from gate.shipped import rule_pages
from gate.wording import finding_lines


@click.command(name="explain")
@click.argument("id")
@click.option("--from", "report", type=click.Path(path_type=Path), help="A JSON report that holds the finding.")
def command(id: str, report: Path | None) -> int:  # noqa: A002
    """Explain a rule by its id, or a finding by its fingerprint (with --from report.json)."""
    if id in rules():
        click.echo(_page(id))
        return 0
    if report is None:
        raise _unknown(id)
    for finding in _matching(id, report):
        click.echo("\n".join(finding_lines(finding)))
        click.echo("")
        click.echo(_page(finding.rule))
    return 0


def _page(rule: str) -> str:
    path = rule_pages() / f"{rule}.md"
    return path.read_text("utf-8") if path.is_file() else f"# {rule}\n\n{rules()[rule].summary}\n"


def _matching(fingerprint: str, report: Path) -> list[Finding]:
    try:
        text = report.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise GateError("can't read the report", where=str(report), fix="write one with --report json:PATH") from error
    found = [finding for finding in parse(text).findings if finding.fingerprint.startswith(fingerprint)]
    if not found:
        raise GateError(f"no finding {fingerprint} in it", where=str(report), fix="copy the id from the same report")
    return found[:1]


def _unknown(name: str) -> GateError:
    near = difflib.get_close_matches(name, rules(), 1)
    fix = f"did you mean {near[0]}?" if near else "gate rules lists them; a fingerprint needs --from report.json"
    return GateError(f"there is no rule {name}", fix=fix)
