"""Folders of cassettes → the sides of a comparison."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gate.endpoints import member
from gate.errors import NotACassetteError
from gate.model import Exchange, Json, Status
from gate.model.sides import Side
from gate.store import cassette
from gate.store.not_served import not_served, state_of, unrecorded
from gate.store.spool import Spool

UPSTREAM = "upstream"
"""The folder of a gateway's other side below that of its route, and the fact `hop` of the cassettes there."""

DIRECT = ".golden"
"""The folder below that of a route with goldens of this run: what a fault looks like without the gateway."""

# Facts of one scenario, which say nothing about the route and are kept in fields of their own.
_SCENARIO_FACTS = ("twin", "group", "asks", "state")


def load_side(folder: Path, *, honour_states: bool = False, strays: list[str] | None = None) -> Side:
    """Every cassette below a folder (or one file), with the facts that the report shows of the route.

    `honour_states` also reads which scenarios a run stored as not served, or as not judged. `strays` takes words about
    the files of a folder that are whole and no cassettes; without it they are errors like broken ones. Raises
    CassetteError.
    """
    exchanges: dict[str, tuple[Exchange, ...]] = {}
    facts: list[dict[str, Json]] = []
    files: dict[str, str] = {}
    twins: dict[str, str] = {}
    states: dict[str, tuple[Status, str]] = {}
    asks: dict[str, str] = {}
    runs: dict[str, str] = {}
    upstream: dict[str, tuple[Exchange, ...]] = {}
    spool = Spool()
    # Reports are committed and uploaded: they should name no machine's folders.
    folder = nearby(folder)
    for name, path in cassette.scan(folder).items():
        try:
            stored = cassette.load(path)
        except NotACassetteError as error:
            if strays is None or folder.is_file():
                raise
            strays.append(f"{path} was passed over: {error.what}; {error.fix}")
            continue
        if stored.facts.get("hop") == UPSTREAM:  # what reached the upstream of a gateway: no scenario of its own
            upstream[name.removeprefix(f"{UPSTREAM}/")] = stored.exchanges
            continue
        exchanges[name], files[name] = tuple(map(spool.keep, stored.exchanges)), str(path)
        facts.append({key: value for key, value in stored.facts.items() if key not in _SCENARIO_FACTS})
        if honour_states and (state := state_of(stored.facts.get("state"))):
            states[name] = state
        if isinstance(stored.facts.get("twin"), str):
            twins[name] = stored.facts["twin"]
        if isinstance(stored.facts.get("asks"), str):
            asks[name] = stored.facts["asks"]
        if isinstance(stored.facts.get("run"), str):
            runs[name] = stored.facts["run"]
    if (folder / UPSTREAM).is_dir() and upstream:
        exchanges = {name: joined(every, upstream.get(name, ())) for name, every in exchanges.items()}
    # Last: exchanges say more than a list that an earlier run left.
    if honour_states:
        states.update({name: state for name, state in not_served(folder).items() if name not in exchanges})
    unknown = unrecorded(folder) if honour_states else frozenset()
    return Side(exchanges, {"path": str(folder), **_joined(facts)}, files, twins, states, asks, runs, unknown)


def with_direct(golden: Side, candidate: Path) -> Side:
    """The golden side, with the goldens that a hermetic check left beside what it kept."""
    folder = candidate / DIRECT
    if not folder.is_dir():
        return golden
    direct = load_side(folder)
    exchanges, files = {**direct.exchanges, **golden.exchanges}, {**direct.files, **golden.files}
    return replace(golden, exchanges=exchanges, files=files)


def joined(client: Sequence[Exchange], upstream: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """What a client sent through a gateway, each with what reached the upstream meanwhile, in order of time."""
    calls: dict[tuple[int, int, int], list[Exchange]] = defaultdict(list)
    for call in sorted(upstream, key=lambda call: call.at_ms or 0.0):
        calls[_flight(call)].append(call)
    return tuple(replace(exchange, upstream=tuple(calls[_flight(exchange)])) for exchange in client)


def _flight(exchange: Exchange) -> tuple[int, int, int]:
    return exchange.step, exchange.sample, exchange.attempt


def _joined(recordings: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    """One set of facts for recordings of different dates: the oldest one's, which is stale first, with the rejected
    parameters and the answering models of all."""
    if not recordings:
        return {}
    first = min(recordings, key=_date)
    oldest = {**first}
    if rejected := {name for facts in recordings for name in _names(facts.get("rejected"))}:
        oldest["rejected"] = sorted(rejected)
    models = oldest.get("models")
    answered = {name for facts in recordings for name in _names(member(facts.get("models"), "answered"))}
    return {**oldest, "models": {**models, "answered": sorted(answered)}} if isinstance(models, dict) else oldest


def _date(facts: Mapping[str, Json]) -> str:
    # `~` is above all digits: a recording without a date is never the oldest.
    return str(facts.get("date", "~"))


def _names(stored: Json) -> list[str]:
    return [name for name in stored if isinstance(name, str)] if isinstance(stored, list) else []


def nearby(path: Path) -> Path:
    """The path as a person in the working directory would write it: reports show no path of a machine."""
    relative = os.path.relpath(path)
    return Path(relative) if not relative.startswith("..") else path


def one_pair(golden: Side, candidate: Side) -> Side:
    """The candidate under the golden's scenario, where both are single files: their names do not matter."""
    if len(golden.exchanges) == len(candidate.exchanges) == 1 and not {*golden.exchanges} & {*candidate.exchanges}:
        name = next(iter(golden.exchanges))
        exchanges = next(iter(candidate.exchanges.values()))
        file = next(iter(candidate.files.values()))
        return Side({name: exchanges}, candidate.facts, {name: file})
    return candidate
