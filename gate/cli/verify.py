"""`gate verify`: offline proof that the goldens are whole, in sync with their contracts, and hold no secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path

import click

from gate.cli._policy import DEFAULT, config_option
from gate.config import gate_yaml
from gate.errors import CassetteError
from gate.inventory.lock_files import versions
from gate.judge.budgets import check_budgets
from gate.judge.caveats import stale
from gate.redact.scrub import without_secrets
from gate.run.health import health
from gate.run.policy_check import check_age, check_policy, known_scenarios
from gate.run.verify import problems_of
from gate.store import cassette
from gate.store.not_served import not_served
from gate.store.sides import load_side, nearby
from gate.suite import load_suite
from gate.text.plural import count

# chosen: a screenful, where they have one fix; a wrong folder has thousands.
_SHOWN = 15
_FIX = "\n  fix: "


@click.command(name="verify")
@config_option
@click.argument("golden", required=False, type=click.Path(path_type=Path))
@click.option("--write", "write_", is_flag=True, help="Derive stale contracts again, instead of reporting them.")
@click.option("--all", "all_", is_flag=True, help=f"Print every problem, and not the first {_SHOWN} alone.")
def command(config: Path | None, golden: Path | None, write_: bool, all_: bool) -> int:
    """Check the goldens without a network: they load, contracts match their cassettes, no secret is stored, and every
    scenario of the suite has a golden (where there is a gate.yaml)."""
    path = config or (DEFAULT if DEFAULT.is_file() else None)
    loaded = gate_yaml.load(path) if path else None
    folder = golden or nearby(Path(loaded.root, loaded.golden) if loaded else Path("golden"))
    stored = cassette.scan(folder)
    # A folder that was named may hold anybody's goldens, which the suite of this gate.yaml says nothing about.
    chosen = load_suite(loaded.suite, Path(loaded.root), loaded.left_out) if loaded and golden is None else ()
    suite = {scenario.id: scenario for scenario in chosen}
    if loaded and chosen:
        check_budgets(loaded.policy, chosen, loaded.samples)
    problems = [p for name, file in stored.items() for p in problems_of(name, file, loaded, write_, suite.get(name))]
    absent = not_served(folder)
    without = [name for name in suite if name not in stored and name not in absent]
    enough = loaded.policy.min_coverage if loaded else None
    covered = enough is not None and len(suite.keys() & stored.keys()) >= enough
    if not covered:
        problems += [
            f"{folder / name}: the suite has this scenario, but it has no golden\n  fix: run `gate record`"
            for name in without
        ]
    problems += [
        f"{folder / name}: listed in not-served.yaml, and has a golden\n  fix: remove one of the two"
        for name in sorted(stored.keys() & absent.keys())
    ]
    today = date.today()
    # Paths of depends_on are looked up in the goldens, which must load first.
    if loaded and golden is None and not problems:
        side = load_side(folder)
        check_policy(loaded.policy, side, known_scenarios(loaded, side))
        check_age(loaded.policy, side, today)
    for problem in _said_once(problems if all_ else problems[:_SHOWN]):
        click.echo(f"error: {without_secrets(problem)}", err=True)
    if len(problems) > _SHOWN and not all_:
        click.echo(f"… and {len(problems) - _SHOWN} more (--all shows them)", err=True)
    if not stored:
        raise CassetteError("there is no golden to verify", where=str(folder), fix="run `gate record`")
    skipped = f", {len(absent)} not served" if absent else ""
    skipped += f", {len(without)} of the suite without a golden" if covered and without else ""
    verdict = count(len(problems), "problem") if problems else "all is well"
    click.echo(f"{count(len(stored), 'golden')} verified{skipped}: {verdict}")
    if not problems:  # otherwise these come first
        side = load_side(folder)
        for told in health(side, chosen, versions(Path(loaded.root)) if loaded else {}, today):
            click.echo(f"  {told}")
        for told in stale(side.facts, today, loaded.policy.stale_after) if loaded else ():
            click.echo(f"  {told}")
    return 2 if problems else 0


def _said_once(problems: Sequence[str]) -> Iterator[str]:
    """The problems; what mends several in a row stands below the last of them."""
    for problem, after in zip_longest(problems, problems[1:], fillvalue=""):
        head, _, fix = problem.partition(_FIX)
        yield head if fix and fix == after.partition(_FIX)[2] else problem
