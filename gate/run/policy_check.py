"""Checks that a policy names rules, scenarios and paths that exist; called before a run costs anything."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path

from gate.errors import CassetteError
from gate.judge.caveats import stale
from gate.judge.depends_on import check_depends_on
from gate.judge.pairing import observed
from gate.judge.policy import check_names
from gate.model import Config, Policy, Scenario
from gate.model.sides import Side
from gate.rules import rules
from gate.store import cassette
from gate.store.not_served import not_served
from gate.suite import load_suite


def known_scenarios(config: Config | None, golden: Side) -> set[str]:
    """The ids of all scenarios: those of the suite, and those that have a golden. Raises CassetteError or ConfigError
    for files that can't be read."""
    known = {*golden.files, *golden.exchanges, *golden.states}
    if config is None:
        return known
    folder = Path(config.root, config.golden)
    stored = cassette.scan(folder) if folder.is_dir() else {}
    return {
        *known,
        *stored,
        # A tolerance for a scenario that the baseline lacks today is no typing error.
        *not_served(folder),
        *(scenario.id for scenario in load_suite(config.suite, Path(config.root))),
    }


def unrecorded(suite: Iterable[Scenario], golden: Path) -> tuple[Scenario, ...]:
    """The scenarios that have neither a golden nor an entry in not-served.yaml. Raises CassetteError."""
    there = {*(cassette.scan(golden) if golden.is_dir() else ()), *not_served(golden)}
    return tuple(scenario for scenario in suite if scenario.id not in there)


def check_age(policy: Policy, golden: Side, today: date) -> None:
    """Raises CassetteError where the oldest golden is older than the policy allows."""
    if policy.stale_fails:
        for what in stale(golden.facts, today, policy.stale_after):
            raise CassetteError(what, where=policy.file, fix="run `gate refresh --write`, or raise policy.stale_after")


def check_policy(policy: Policy, golden: Side, known: Collection[str]) -> None:
    """Raises ConfigError where the policy names a rule, a scenario or a path that does not exist."""
    check_names(policy, rules(), known)
    check_depends_on(
        policy.depends_on, (observation for group in golden.exchanges.values() for observation in observed(group))
    )
