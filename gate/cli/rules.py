"""`gate rules`: the catalogue."""

from __future__ import annotations

import json

import click

from gate.model.words import AREAS
from gate.rules import rules


@click.command(name="rules")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list.")
def command(as_json: bool) -> int:
    """List every rule with its default severity and what it reports."""
    ordered = sorted(rules().values(), key=lambda rule: (AREAS.index(rule.area), rule.id))
    if as_json:
        rows = [{"id": r.id, "area": r.area, "severity": r.severity.word, "summary": r.summary} for r in ordered]
        click.echo(json.dumps(rows, indent=2))
        return 0
    width = max(len(rule.id) for rule in ordered)
    for rule in ordered:
        click.echo(f"{rule.area:<11}{rule.severity.word:<9} {rule.id:<{width}}  {rule.summary}")
    click.echo(f"{len(ordered)} rules; gate explain ID shows one")
    return 0
