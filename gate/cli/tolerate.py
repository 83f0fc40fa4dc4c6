"""`gate tolerate ID`: a finding that the team can live with, written into gate.yaml with a reason and an end."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import click

from gate.cli._last import findings_of, read
from gate.cli._policy import DEFAULT, config_option, load_config
from gate.config.tolerating import tolerating
from gate.errors import ConfigError, GateError
from gate.model import Finding
from gate.reports.words.ways_out import DAYS, tolerance
from gate.store.files import replace_synced, write_errors
from gate.text.yaml_entry import entry_text


@click.command(name="tolerate")
@click.argument("id")
@click.option("--reason", required=True, help="Why the team can live with it; every report repeats it.")
@click.option("--until", metavar="DATE", help=f"The last day of it, such as 2027-03-01; {DAYS} days from now.")
@click.option("--all-scenarios", is_flag=True, help="In every scenario, and not only in that of the finding.")
@click.option("--from", "report", type=click.Path(path_type=Path), help="A JSON report; that of the last run without.")
@config_option
def command(
    id: str,  # noqa: A002
    reason: str,
    until: str | None,
    all_scenarios: bool,
    report: Path | None,
    config: Path | None,
) -> int:
    """Tolerate a finding of the last run: adds it to policy.tolerate in gate.yaml, comments kept.

    A tolerated finding is still reported, and fails the build again after its last day.
    """
    path = config or DEFAULT
    load_config(config)  # a file with an error is not written to
    if not reason.strip():
        raise ConfigError("a tolerance without a reason is a rule switched off", where="--reason", fix="say why")
    found, place = read(report, path.parent)
    finding = findings_of(id, found, place)[0]
    entry = tolerance(finding, reason=reason, until=_day(until), everywhere=all_scenarios)
    _refuse_useless(finding, place)
    text = tolerating(path.read_bytes().decode("utf-8-sig"), entry, path.name)
    with write_errors(path):
        replace_synced(path, text.encode("utf-8"))
    click.echo(f"{path.name}: policy.tolerate has one entry more\n{entry_text(entry, '  ')}", nl=False)
    return 0


def _day(until: str | None) -> date:
    today = date.today()
    if until is None:
        return today + timedelta(days=DAYS)
    try:
        day = date.fromisoformat(until)
    except ValueError:
        what = f"{until!r} is not a day of the calendar"
        raise ConfigError(what, where="--until", fix="write it like 2027-03-01") from None
    if day < today:
        raise ConfigError(f"{until} is over", where="--until", fix="give a day from today on")
    return day


def _refuse_useless(finding: Finding, place: Path) -> None:
    """GateError for a finding that the policy lets pass already."""
    if finding.outcome != "enforced":
        what = f"nothing needs to be tolerated: the policy lets it pass already ({finding.policy})"
        raise GateError(what, where=str(place), fix="change that entry of gate.yaml")
