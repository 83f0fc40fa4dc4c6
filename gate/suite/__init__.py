"""The built-in scenarios, one YAML file each in a folder per group, and their loader.

Nothing is sent from here: a scenario says what goes out, `run/` makes requests of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from gate.errors import ConfigError
from gate.model import Scenario
from gate.suite.scenario import read_scenarios
from gate.text.nearest import suggest

SETS = ("minimal", "standard", "full", "slow")
"""Each of the first three holds the one before it; `slow` stands apart and must be asked for."""

GROUPS = ("text", "stream", "tools", "structured", "embeddings", "params", "slow", "errors")
"""In the order of a run. Errors come last: a gateway's circuit breaker may open on them and refuse healthy calls."""

# chosen: a folder beyond this was named by mistake, such as the root of the repository.
MAX_FILES = 2000
_HERE = Path(__file__).parent


def load_suite(
    names: Sequence[str], root: Path, without: Sequence[str] = (), *, min_seconds: float | None = None
) -> tuple[Scenario, ...]:
    """The scenarios that `suite` in gate.yaml names, in the order of a run.

    A name is a set (`standard`), the id of a built-in scenario, or a file or folder below `root`; `without` are ids of
    scenarios among them.
    `min_seconds` replaces how long the scenarios that must last (`long-stream`…) have to. Raises ConfigError.
    """
    chosen: dict[str, Scenario] = {}
    for name in names:
        for scenario in _named(name, root):
            other = chosen.setdefault(scenario.id, scenario)
            if other != scenario:  # named twice is fine, two different ones are not
                what = f"the scenario id `{scenario.id}` is taken: {other.source} has it"
                raise ConfigError(what, where=scenario.source, fix="give it an id of its own")
    # a twin outside the chosen sets may have no golden; one that exists nowhere is a typing error
    _check_twins(chosen.values(), {*chosen, *builtin()})
    for name in without:
        if name not in chosen:
            what, fix = f"`except` names {name}, which the suite does not have", suggest(name, chosen, listing=False)
            raise ConfigError(what, where="suite", fix=fix)
    for name in without:
        chosen.pop(name, None)
    lasting = min_seconds is not None
    scenarios = (replace(s, min_seconds=min_seconds) if lasting and s.min_seconds else s for s in chosen.values())
    return tuple(sorted(scenarios, key=_order))


@cache
def builtin() -> dict[str, Scenario]:
    """Every built-in scenario by its id, in the order of a run."""
    files = sorted(_HERE.glob("*/*.yaml"))
    scenarios = [s for path in files for s in read_scenarios(path, f"gate/suite/{path.parent.name}/{path.name}", _HERE)]
    return {scenario.id: scenario for scenario in sorted(scenarios, key=_order)}


def builtin_set(name: str) -> tuple[Scenario, ...]:
    """The built-in scenarios of one of SETS, in the order of a run."""
    tags = SETS[: SETS.index(name) + 1] if name != "slow" else ("slow",)
    return tuple(scenario for scenario in builtin().values() if set(tags) & set(scenario.tags))


def _order(scenario: Scenario) -> tuple[int, int, str]:
    # within a group the cheap and telling ones first, so that a broken route shows early
    level = min((SETS.index(tag) for tag in scenario.tags), default=len(SETS))
    return GROUPS.index(scenario.group), level, scenario.id


# -- what a name stands for ---------------------------------------------------------------------


def _named(name: str, root: Path) -> Iterable[Scenario]:
    if name in SETS:
        return builtin_set(name)
    if name in builtin():
        return (builtin()[name],)
    return _own(name, root)


def _own(name: str, root: Path) -> Iterator[Scenario]:
    path = root / name
    if path.is_dir():
        files = sorted(p for p in path.rglob("*") if p.suffix in {".yaml", ".yml"} and p.is_file())
    elif path.is_file():
        files = [path]
    else:
        what = f"`{name}` is not a suite, a built-in scenario, or a file or folder beside gate.yaml"
        raise ConfigError(what, where="suite", fix=suggest(name, [*SETS, *builtin()], listing=False))
    if not files or len(files) > MAX_FILES:
        raise ConfigError(f"the folder holds {len(files) or 'no'} scenario files", where=name)
    for file in files:
        yield from read_scenarios(file, Path(os.path.relpath(file, root)).as_posix(), root)


def _check_twins(scenarios: Iterable[Scenario], known: set[str]) -> None:
    for scenario in scenarios:
        if scenario.twin and scenario.twin not in known:
            what = f"the twin `{scenario.twin}` of {scenario.id} does not exist"
            fix = suggest(scenario.twin, known - {scenario.id}, listing=False)
            raise ConfigError(what, where=scenario.source, fix=fix)
        if scenario.twin == scenario.id:
            raise ConfigError(f"{scenario.id} is its own twin", where=scenario.source)
