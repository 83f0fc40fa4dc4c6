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
from gate.sdk import ours
from gate.sdk.environments import UnusableError, driver
from gate.sdk.jobs import ALL, Calls, Cell, cells, undriven
from gate.sdk.ours import Made
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
    with ThreadPoolExecutor(2) as pool:  # installing waits for the network most of the time
        made = [pool.submit(_driver, version, node) for version in (golden, candidate)]
        before, after = (future.result() for future in made)
    labels = (str(golden), str(candidate))
    return _judged((before, after), labels, calls, golden.package, side, policy, today, node, faults, exhibit)


def compared_own(
    made: tuple[Made, Made],
    revision: str,
    side: Side,
    policy: Policy,
    today: date,
    *,
    faults: bool = True,
    exhibit: Exhibitor | None = None,
) -> Report:
    """What a team's own driver makes of the goldens in two states of its repository, at `revision` and now."""
    hellos = [hello for one in made if (hello := _hello(one))]
    calls = ours.calls(hellos) if hellos else ALL
    labels = (f"sdk.ours at {revision}", "sdk.ours")
    return _judged(made, labels, calls, "sdk.ours", side, policy, today, None, faults, exhibit)


def _judged(
    made: tuple[Made, Made],
    labels: tuple[str, str],
    calls: Calls,
    package: str,
    side: Side,
    policy: Policy,
    today: date,
    node: str | None,
    faults: bool,
    exhibit: Exhibitor | None,
) -> Report:
    before, after = made
    plan = cells(side.exchanges, calls, faults)
    known = parameters(_hello(before))
    with ThreadPoolExecutor(2) as pool:
        played = [pool.submit(_played, one, side, plan, known) for one in (before, after)]
        first, second = (future.result() for future in played)
    notes = [f"{name}: {package} can't be made to send it" for name in undriven(side.exchanges, calls)]
    before_side, after_side = (
        _side(side, plan, seen, label, node) for seen, label in zip((first, second), labels, strict=True)
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


def _driver(version: Version, node: str | None) -> Made:
    try:
        return driver(version, node)
    except UnusableError as error:
        return error


def _hello(made: Made) -> Mapping[str, Any]:
    """What a driver says of itself: of the golden's version the parameters that its applications write."""
    if isinstance(made, UnusableError):
        return {}
    try:
        with Process(made) as process:
            return process.hello
    except UnusableError:
        return {}


def _played(made: Made, side: Side, plan: Sequence[Cell], known: Mapping[str, Sequence[str]]) -> Played:
    if isinstance(made, UnusableError):
        told = {n: tuple(unusable(job.call, str(made)) for job in cell.jobs) for n, cell in enumerate(plan)}
        return Played(told, {})
    return Player(made, side.exchanges, known).play(plan)


def _side(side: Side, plan: Sequence[Cell], played: Played, version: str, node: str | None) -> Side:
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
    exchanges: Mapping[str, Sequence[Exchange]], version: str, started: bool
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


def _facts(version: str, hello: Mapping[str, Any], node: str | None) -> Mapping[str, Json]:
    said = hello.get("versions")
    versions = {str(k)[:60]: str(v)[:60] for k, v in said.items()} if isinstance(said, dict) else {}
    return {"route": f"{version} on Node {node}" if node else version, "versions": versions}
