"""`gate sdk`: an SDK upgrade judged offline, by what two versions make of the goldens and of faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import click

from gate.cli._base import Base, base_option
from gate.cli._clients import NONE_IN_USE, in_use
from gate.cli._policy import DEFAULT, golden_folder, optional_config, overridden, policy_option
from gate.cli._reports import deliver, exhibitor, report_option
from gate.cli._through import front_of, models_of
from gate.errors import CassetteError, ConfigError
from gate.judge.merge import merge, part
from gate.model import Config, Policy, Report
from gate.replay.scripts import script_of
from gate.sdk import ours as own_driver
from gate.sdk.judge import behind, compared, compared_own
from gate.sdk.upgrades import Upgrade, between, configured_at, locked_at
from gate.sdk.versions import Version, version_of
from gate.store.sides import load_side, nearby


@click.command(name="sdk")
@click.argument("golden", type=click.Path(path_type=Path), required=False)
@click.option("--from", "before", metavar="VERSION", help="Such as openai==2.54.0, or npm:openai@6.49.0 for Node.")
@click.option("--to", "after", metavar="VERSION", help="The version to judge.")
@click.option("--since", metavar="REVISION", help="The SDKs whose locked versions differ between it and now.")
@click.option("--node", "nodes", multiple=True, metavar="MAJOR", help="Node versions to run on. Repeatable.")
@click.option("--through", metavar="ROUTE", help="Start the gateway of that route between the goldens and the SDK.")
@click.option("--ours/--no-ours", default=True, help="Start the driver of your own that gate.yaml names.")
@click.option("--faults/--no-faults", default=True, help="Play failures of routes as well.")
@click.option(
    "--fault", "also", multiple=True, metavar="NAME", help="Play this one too: any of gate serve. Repeatable."
)
@policy_option
@base_option()
@report_option
def command(
    golden: Path | None,
    before: str | None,
    after: str | None,
    since: str | None,
    nodes: tuple[str, ...],
    through: str | None,
    ours: bool,
    faults: bool,
    also: tuple[str, ...],
    config: Path | None,
    fail_on: str | None,
    base: Base | None,
    reports: tuple[str, ...],
) -> int:
    """Play the goldens, and faults, to two versions of an SDK, and judge what an application sees.

    Without --from and --to, the SDKs whose locked versions differ from those of --since (HEAD by default) are judged.
    With --through, one version is judged behind the gateway against itself before it, and two versions both behind it.
    Nothing is sent to a provider, and no key is needed; versions are installed into a cache of their own.
    """
    loaded = optional_config(config)
    # what is not there is said before goldens are read, which takes longer
    apart = bool(through) and not since and (not (before and after) or before == after)
    versions = _in_use(loaded, before or after) if apart else []
    upgrades = () if apart else _upgrades(config, loaded, before, after, since)
    front = front_of(loaded, through) if through else None
    for name in also:
        script_of(name)
    source = golden or golden_folder(config)
    side = load_side(source, honour_states=True)
    if not side.exchanges:
        raise CassetteError("no cassette in it", where=str(source), fix="record goldens first: gate record")
    policy = overridden(loaded.policy if loaded else Policy(), fail_on)
    root = nearby(Path(loaded.root)) if loaded else None
    today, exhibit = date.today(), exhibitor(reports, root)
    models = models_of(loaded, through, side) if loaded and through else {}
    both = partial(compared, faults=faults, also=also, exhibit=exhibit, front=front, models=models)
    one = partial(behind, faults=faults, also=also, exhibit=exhibit)
    made = [both(a, b, side, policy, today, node=node) for a, b in upgrades for node in _nodes(a, nodes)]
    if through and front:
        made += [
            one(version, through, front, models, side, policy, today, node=node)
            for version in versions
            for node in _nodes(version, nodes)
        ]
    own = loaded.ours if loaded and ours and not (before or after or through) else None
    revision = since or "HEAD"
    if loaded and own and own_driver.differs(Path(loaded.root), revision):
        with own_driver.drivers(own, Path(loaded.root), revision) as pair:
            made.append(compared_own(pair, revision, side, policy, today, faults=faults, also=also, exhibit=exhibit))
    if not made:
        click.echo(f"no SDK's version differs from that of {revision}: nothing to judge")
        return 0
    return deliver(_joined(made, policy) if len(made) > 1 else made[0], reports, root=root, base=base)


def _nodes(version: Version, nodes: tuple[str, ...]) -> tuple[str | None, ...]:
    return nodes if nodes and version.ecosystem == "npm" else (None,)


def _in_use(loaded: Config | None, named: str | None) -> list[Version]:
    """The version that is named, or those that the repository uses. Raises ConfigError for none."""
    if named:
        return [version_of(named)]
    used = list(in_use(loaded).values())
    if not used:
        raise ConfigError(NONE_IN_USE, fix="name one: gate sdk --through ROUTE --from openai==3.57.0")
    return used


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
    if not now and not (loaded and loaded.ours):
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
