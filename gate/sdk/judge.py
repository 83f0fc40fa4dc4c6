"""Two versions of an SDK over the same goldens → report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

from gate.judge.report import Exhibitor, judge
from gate.model import Exchange, Json, Policy, Report, Status
from gate.model.sides import Side
from gate.sdk.environments import Driver, UnusableError, driver
from gate.sdk.jobs import ALL, Cell, cells, undriven
from gate.sdk.player import Played, Player, parameters
from gate.sdk.process import Process
from gate.sdk.scripts import scripts
from gate.sdk.transcripts import unusable
from gate.sdk.versions import Version


def compared(
    golden: Version,
    candidate: Version,
    side: Side,
    policy: Policy,
    today: date,
    *,
    node: str | None = None,
    faults: bool = True,
    exhibit: Exhibitor | None = None,
) -> Report:
    """What the upgrade from one version to the other changes for an application. `side` are the goldens.

    Raises ConfigError and RouteError as `environments.driver` does; a version that can't be used is a finding.
    """
    calls = scripts()[golden.key].calls if golden.key in scripts() else ALL
    plan = cells(side.exchanges, calls, faults)
    with ThreadPoolExecutor(2) as pool:  # installing waits for the network most of the time
        made = [pool.submit(_driver, version, node) for version in (golden, candidate)]
        before, after = (future.result() for future in made)
    known = _known(before)
    with ThreadPoolExecutor(2) as pool:
        played = [pool.submit(_played, made, side, plan, known) for made in (before, after)]
        first, second = (future.result() for future in played)
    notes = [f"{name}: {golden.package} can't be made to send it" for name in undriven(side.exchanges, calls)]
    before_side, after_side = (
        _side(side, plan, played, version, node) for played, version in ((first, golden), (second, candidate))
    )
    return judge(
        replace(before_side, states={}),
        replace(after_side, states=before_side.states),
        policy,
        today,
        notes,
        side.exchanges.keys(),
        exhibit=exhibit,
    )


_Made = Driver | UnusableError


def _driver(version: Version, node: str | None) -> _Made:
    try:
        return driver(version, node)
    except UnusableError as error:
        return error


def _known(made: _Made) -> Mapping[str, Sequence[str]]:
    """The parameters that the golden's version takes by name: those that its applications write."""
    if isinstance(made, UnusableError):
        return {}
    try:
        with Process(made) as process:
            return parameters(process.hello)
    except UnusableError:
        return {}


def _played(made: _Made, side: Side, plan: Sequence[Cell], known: Mapping[str, Sequence[str]]) -> Played:
    if isinstance(made, UnusableError):
        told = {n: tuple(unusable(job.call, str(made)) for job in cell.jobs) for n, cell in enumerate(plan)}
        return Played(told, {})
    return Player(made, side.exchanges, known).play(plan)


def _side(side: Side, plan: Sequence[Cell], played: Played, version: Version, node: str | None) -> Side:
    """The goldens as one version saw them: the same bytes, with its transcripts."""
    exchanges: dict[str, list[Exchange]] = {}
    for number, cell in enumerate(plan):
        # without the times of the recording, which are those of neither version
        bare = replace(
            cell.exchange, chunks=(), connect_ms=None, first_byte_ms=None, total_ms=None, sample=0, attempt=0
        )
        seen = replace(bare, scenario=cell.scenario, transcripts=played.transcripts[number])
        exchanges.setdefault(cell.scenario, []).append(seen)
    files = {cell.scenario: side.files.get(cell.exchange.scenario, "") for cell in plan}
    named = {name: file for name, file in files.items() if file}
    return Side(
        exchanges, _facts(version, played.hello, node), named, states=_states(exchanges, version, bool(played.hello))
    )


def _states(
    exchanges: Mapping[str, Sequence[Exchange]], version: Version, started: bool
) -> Mapping[str, tuple[Status, str]]:
    """Scenarios in which the version could make no call at all: against nothing, nothing can be judged. One that
    started has not got the operation yet, and no application of it calls that."""
    lost: dict[str, tuple[Status, str]] = {}
    for scenario, seen in exchanges.items():
        transcripts = [transcript for exchange in seen for transcript in exchange.transcripts]
        if all(transcript.outcome in ("unusable", "exited") for transcript in transcripts):
            missing = started and all(transcript.outcome == "unusable" for transcript in transcripts)
            status: Status = "skipped" if missing else "incomplete"
            lost[scenario] = (status, f"{version} made no call: {transcripts[0].detail}")
    return lost


def _facts(version: Version, hello: Mapping[str, Any], node: str | None) -> Mapping[str, Json]:
    said = hello.get("versions")
    versions = {str(k)[:60]: str(v)[:60] for k, v in said.items()} if isinstance(said, dict) else {}
    return {"route": f"{version} on Node {node}" if node else str(version), "versions": versions}
