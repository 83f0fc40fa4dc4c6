"""`gate sdk`: an SDK upgrade judged offline, by what two versions make of the goldens and of faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from gate.cli._clients import NONE_IN_USE, in_use
from gate.cli._policy import DEFAULT, golden_folder, optional_config, overridden, policy_option
from gate.cli._reports import deliver, exhibitor, report_option
from gate.errors import CassetteError, ConfigError
from gate.judge.merge import merge, part
from gate.model import Config, Policy, Report
from gate.sdk.judge import compared
from gate.sdk.upgrades import Upgrade, between, configured_at, locked_at
from gate.sdk.versions import Version, version_of
from gate.store.sides import load_side, nearby


@click.command(name="sdk")
@click.argument("golden", type=click.Path(path_type=Path), required=False)
@click.option("--from", "before", metavar="VERSION", help="Such as openai==2.54.0, or npm:openai@6.49.0 for Node.")
@click.option("--to", "after", metavar="VERSION", help="The version to judge.")
@click.option("--since", metavar="REVISION", help="The SDKs whose locked versions differ between it and now.")
@click.option("--node", "nodes", multiple=True, metavar="MAJOR", help="Node versions to run on. Repeatable.")
@click.option("--faults/--no-faults", default=True, help="Play failures of routes as well.")
@policy_option
@report_option
def command(
    golden: Path | None,
    before: str | None,
    after: str | None,
    since: str | None,
    nodes: tuple[str, ...],
    faults: bool,
    config: Path | None,
    fail_on: str | None,
    reports: tuple[str, ...],
) -> int:
    """Play the goldens, and faults, to two versions of an SDK, and judge what an application sees.

    Without --from and --to, the SDKs whose locked versions differ from those of --since (HEAD by default) are judged.
    Nothing is sent to a provider, and no key is needed; versions are installed into a cache of their own.
    """
    loaded = optional_config(config)
    upgrades = _upgrades(config, loaded, before, after, since)
    source = golden or golden_folder(config)
    side = load_side(source, honour_states=True)
    if not side.exchanges:
        raise CassetteError("no cassette in it", where=str(source), fix="record goldens first: gate record")
    if not upgrades:
        click.echo(f"no SDK's version differs from that of {since or 'HEAD'}: nothing to judge")
        return 0
    policy = overridden(loaded.policy if loaded else Policy(), fail_on)
    root = nearby(Path(loaded.root)) if loaded else None
    several = len(upgrades) * len(nodes or ("",)) > 1
    made = [
        compared(old, new, side, policy, date.today(), node=node, faults=faults, exhibit=exhibitor(reports, root))
        for old, new in upgrades
        for node in (nodes if nodes and old.ecosystem == "npm" else (None,))
    ]
    return deliver(_joined(made, policy) if several and len(made) > 1 else made[0], reports, root=root)


def _joined(made: list[Report], policy: Policy) -> Report:
    return merge([part(report.route, report) for report in made], fail_on=policy.fail_on)


def _upgrades(
    config: Path | None, loaded: Config | None, before: str | None, after: str | None, since: str | None
) -> tuple[Upgrade, ...]:
    if since and (before or after):
        raise ConfigError("--since finds the versions itself", fix="leave out --from and --to")
    root = Path(loaded.root) if loaded else Path()
    now = in_use(loaded)
    if before or after:
        return (_named(now, before, after),)
    if not now:
        fix = "name them: gate sdk --from openai==2.54.0 --to openai==3.57.0"
        raise ConfigError(NONE_IN_USE, fix=fix)
    revision = since or "HEAD"
    if loaded and loaded.sdk:
        return between(configured_at(root, revision, (config or DEFAULT).name), now)
    return between(locked_at(root, revision), now)


def _named(now: Mapping[str, Version], before: str | None, after: str | None) -> Upgrade:
    """Both versions; where only one is named, the other is what the repository uses."""
    named = [version_of(text) if text else None for text in (before, after)]
    key = next(version.key for version in named if version)
    # what the repository pins beside it need not go with the version that is tried
    locked_one = replace(now[key], beside=()) if key in now else None
    old, new = (version or locked_one for version in named)
    if old is None or new is None:
        missing = "--from" if old is None else "--to"
        raise ConfigError(f"the repository locks no version of {key}", where=missing, fix=f"name it: {missing} VERSION")
    if old.key != new.key:
        raise ConfigError(f"{old} and {new} are two packages", fix="name two versions of one package")
    return old, new
