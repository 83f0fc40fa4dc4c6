"""Two versions of an SDK over the same goldens → report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from gate.judge.report import Exhibitor, judge
from gate.model import Exchange, Json, Policy, Report, Status
from gate.model.sides import Side
from gate.rules import rules
from gate.sdk import ours
from gate.sdk.environments import Driver, UnusableError, driver
from gate.sdk.exhibits import transcribed
from gate.sdk.jobs import ALL, Calls, Cell, cells, named, undriven
from gate.sdk.ours import Made
from gate.sdk.player import Front, Played, Player, parameters, unplayable
from gate.sdk.process import Process
from gate.sdk.scripts import scripts
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
    also: Sequence[str] = (),
    exhibit: Exhibitor | None = None,
    front: Front | None = None,
    models: Mapping[str, str] | None = None,
) -> Report:
    """What the upgrade from one version to the other changes for an application. `side` are the goldens.

    `also` names further faults, mutations among them; `front` starts a gateway between each version and the replay
    server, and `models` has its names by those of the goldens.
    Raises ConfigError and RouteError as `environments.driver` does; a version that can't be used is a finding.
    """
    calls = scripts()[golden.key].calls if golden.key in scripts() else ALL
    before, after = _drivers(golden, candidate, node)
    node = next((one.node for one in (before, after) if isinstance(one, Driver)), node)
    labels = (str(golden), str(candidate))
    way = Way(golden.package, node, faults, tuple(also), (front, front), models or {})
    return _judged(_both((before, after)), labels, calls, side, way, policy, today, exhibit)


def behind(
    version: Version,
    route: str,
    front: Front,
    models: Mapping[str, str],
    side: Side,
    policy: Policy,
    today: date,
    *,
    node: str | None = None,
    faults: bool = True,
    also: Sequence[str] = (),
    exhibit: Exhibitor | None = None,
) -> Report:
    """What a gateway changes for an application of one SDK version: at the replay server itself, and behind it.

    Raises as `compared` does, and what starting the gateway raises.
    """
    calls = scripts()[version.key].calls if version.key in scripts() else ALL
    made = _driver(version, node)
    way = Way(version.package, node, faults, tuple(also), (None, front), models)
    labels = (str(version), f"{version} behind {route}")
    return _judged(_both((made, made)), labels, calls, side, way, policy, today, exhibit)


def compared_own(
    made: tuple[Made, Made],
    revision: str,
    side: Side,
    policy: Policy,
    today: date,
    *,
    faults: bool = True,
    also: Sequence[str] = (),
    exhibit: Exhibitor | None = None,
) -> Report:
    """What a team's own driver makes of the goldens in two states of its repository, at `revision` and now."""
    before, after = ready = _both(made)
    hellos = [one.hello for one in (before, after) if one.hello]
    calls = ours.calls(hellos) if hellos else ALL
    labels = (f"sdk.ours at {revision}", "sdk.ours")
    return _judged(ready, labels, calls, side, Way("sdk.ours", faults=faults, also=tuple(also)), policy, today, exhibit)


@dataclass(frozen=True, slots=True)
class Way:
    """How goldens are played: to what (a name), on which Node, with faults or without, and behind which gateways.

    `fronts` stand before each of the two drivers. Where only the second has one, what reached the server is not
    compared: it came from a client on one side and from a gateway on the other, and `gate check` judges those.
    """

    package: str
    node: str | None = None
    faults: bool = True
    also: tuple[str, ...] = ()
    fronts: tuple[Front | None, Front | None] = (None, None)
    models: Mapping[str, str] = field(default_factory=dict)

    @property
    def apart(self) -> bool:
        """Whether one of the two stands behind a gateway alone."""
        return (self.fronts[0] is None) != (self.fronts[1] is None)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A driver that was started, or why it can't be: what it says of itself, before it is asked for the first call."""

    made: Made
    process: Process | None = None

    @property
    def hello(self) -> Mapping[str, Any]:
        """Nothing of one that does not start."""
        return self.process.hello if self.process else {}


def _both(made: tuple[Made, Made]) -> tuple[_Ready, _Ready]:
    with ThreadPoolExecutor(2) as pool:
        before, after = pool.map(_ready, made)
    return before, after


def _ready(made: Made) -> _Ready:
    if isinstance(made, UnusableError):
        return _Ready(made)
    try:
        return _Ready(made, Process(made))
    except UnusableError as error:
        return _Ready(error)


def _judged(
    ready: tuple[_Ready, _Ready],
    labels: tuple[str, str],
    calls: Calls,
    side: Side,
    way: Way,
    policy: Policy,
    today: date,
    exhibit: Exhibitor | None,
) -> Report:
    plan = named(cells(side.exchanges, calls, way.faults, way.also), way.models)
    # the parameters that applications of the golden's version write
    known = parameters(ready[0].hello)
    with ThreadPoolExecutor(2) as pool:
        played = [
            pool.submit(_played, one, side, plan, known, front) for one, front in zip(ready, way.fronts, strict=True)
        ]
        first, second = (future.result() for future in played)
    if way.apart:
        first, second = _unasked(first), _unasked(second)
    notes = [f"{name}: {way.package} can't be made to send it" for name in undriven(side.exchanges, calls)]
    before_side, after_side = (
        _side(side, plan, seen, label, way.node) for seen, label in zip((first, second), labels, strict=True)
    )
    report = judge(
        replace(before_side, states={}),
        replace(after_side, states=before_side.states),
        policy,
        today,
        notes,
        side.exchanges.keys(),
        exhibit=transcribed(exhibit) if exhibit else None,
        # both versions got the same bytes: rules about them have nothing to say
        chosen={name: rule for name, rule in rules().items() if rule.area == "sdk"},
    )
    # what a stream was like is said of the recording, and not of what a fault made of it
    return replace(report, about="sdk", scenarios=tuple(replace(one, streams=()) for one in report.scenarios))


def _drivers(golden: Version, candidate: Version, node: str | None) -> tuple[Made, Made]:
    """Both, on one Node: where one wants a newer one than the machine has, the other runs on it as well."""
    with ThreadPoolExecutor(2) as pool:  # installing waits for the network most of the time
        before, after = pool.map(lambda version: _driver(version, node), (golden, candidate))
    wanted = {one.node for one in (before, after) if isinstance(one, Driver)}
    if len(wanted) > 1:
        newest = max((name for name in wanted if name), key=int)
        return _driver(golden, newest), _driver(candidate, newest)
    return before, after


def _driver(version: Version, node: str | None) -> Made:
    try:
        return driver(version, node)
    except UnusableError as error:
        return error


def _played(
    ready: _Ready, side: Side, plan: Sequence[Cell], known: Mapping[str, Sequence[str]], front: Front | None
) -> Played:
    if isinstance(ready.made, UnusableError):
        return unplayable(plan, str(ready.made))
    return Player(ready.made, side.exchanges, known, front, started=ready.process).play(plan)


def _unasked(played: Played) -> Played:
    """Without what reached the server."""
    bare = {n: tuple(replace(one, posts=()) for one in seen) for n, seen in played.transcripts.items()}
    return replace(played, transcripts=bare)


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
