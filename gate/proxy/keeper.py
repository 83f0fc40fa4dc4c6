"""Exchanges → goldens and a suite, as they come: each request is a scenario, equal requests are its samples.

A golden with its contract is written as one, and before the file of its scenario. What can't be a golden (a stream that
was cut, a 429) is kept apart, with the reason. Nothing reaches the disk before `gate.redact` has seen it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from gate.errors import CassetteError, GateError, SecretError
from gate.model import Ending, Exchange, Json
from gate.proxy.naming import asked_model, name_of
from gate.proxy.scenarios import UnsendableError, Written, written
from gate.redact.kinds import KEY_HEADERS
from gate.redact.scrub import Scrubber
from gate.replay.asks import access_of
from gate.run.facts import answered_models
from gate.run.outcomes import ScenarioRun
from gate.run.record import record
from gate.store import cassette, journal
from gate.suite.asks import asks

MAX_SAMPLES = 10
"""Recordings of one request that are kept; further ones are counted."""
MAX_HELD = 64 * 1024 * 1024
"""Bytes of bodies in memory; scenarios that are written take no further samples then."""

_PAUSE = 0.5  # seconds between two writes of one scenario
_SHARE = 10  # a write that took long is not repeated before ten times as long
# Statuses that are an answer to this request; all others from 400 on say how the route was at the time.
_ANSWERS = frozenset({400, 404, 405, 409, 413, 415, 422})


@dataclass(frozen=True, slots=True)
class Place:
    """Where things go, and what is known of the route. `again` replaces goldens that are there."""

    golden: Path
    suite: Path
    apart: Path
    base_url: str
    models: Mapping[str, str]
    facts: Mapping[str, Json]
    again: bool = False


@dataclass(slots=True)
class _Kept:
    """One scenario. `due` is when it may be written next, on the monotonic clock."""

    written: Written | None
    exchanges: list[Exchange] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)  # why it is apart
    more: int = 0  # samples beyond MAX_SAMPLES, or after it was closed
    size: int = 0
    of_route: bool = False  # apart because of the route, not of the client
    dirty: bool = False
    closed: bool = False  # forgotten, to make room: takes no more samples
    due: float = 0.0


@dataclass(slots=True)
class Summary:
    """What became of everything that came."""

    calls: int = 0
    goldens: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    apart: dict[str, str] = field(default_factory=dict)
    lost: int = 0
    route_failed: bool = False
    """Whether a request has no golden because the route did not answer it."""


class Keeper:
    """Takes exchanges until it is closed. `tell` gets words for a person."""

    def __init__(self, place: Place, scrubber: Scrubber, tell: Callable[[str], None]) -> None:
        self._place, self._scrubber, self._tell = place, scrubber, tell
        self._there = set(cassette.scan(place.golden)) if place.golden.is_dir() and not place.again else set()
        self._kept: dict[tuple[str, bool], _Kept] = {}
        self._held = 0
        self._told: set[str] = set()
        self.summary = Summary()

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange; what can't be kept is told."""
        self.summary.calls += 1
        try:
            self._add(self._clean(exchange))
        except SecretError as error:
            self.summary.lost += 1
            self._tell(str(error))
        except Exception as error:  # its words may hold what must not be told
            self.summary.lost += 1
            self._tell(f"a call is not kept, by a mistake of the gate: {type(error).__name__}")

    def write(self, *, all_of_it: bool = False) -> None:
        """Write what is due."""
        for (name, fine), kept in list(self._kept.items()):
            if kept.dirty and (all_of_it or time.monotonic() >= kept.due):
                self._try(name, fine, kept)
        if self._held > MAX_HELD:
            self._let_go()

    def shown(self, url: str) -> str:
        """A URL for a person, without secrets."""
        return self._scrubber.url(url)

    @property
    def dirty(self) -> bool:
        """Whether something waits to be written."""
        return any(kept.dirty for kept in self._kept.values())

    def close(self) -> Summary:
        """Write everything; what became of it."""
        self.write(all_of_it=True)
        summary = self.summary
        for (name, fine), kept in sorted(self._kept.items()):
            if kept.dirty:
                summary.lost += len(kept.exchanges)
            elif fine:
                summary.goldens.append(name)
            else:
                summary.apart[name] = kept.reasons[-1]
        failed = {name for (name, _), kept in self._kept.items() if kept.of_route}
        summary.route_failed = bool(failed - {*summary.goldens, *self._there})
        return summary

    # -- one exchange ---------------------------------------------------------------------------

    def _clean(self, exchange: Exchange) -> Exchange:
        # an answer may repeat the key that it was asked with, whatever form that has
        keys = {value.removeprefix("Bearer ").strip() for name, value in exchange.request.headers
                if name.lower() in KEY_HEADERS}  # fmt: skip
        if new := keys - set(self._scrubber.secrets):
            self._scrubber = replace(self._scrubber, secrets=(*self._scrubber.secrets, *sorted(new)))
        clean = self._scrubber.scrub(exchange)
        self._scrubber.guard([clean], where=clean.request.url.partition("?")[0])
        return clean

    def _add(self, exchange: Exchange) -> None:
        name = name_of(exchange.request, self._place.base_url)
        why, made = _unfit(exchange), None
        try:
            made = written(exchange, self._place.base_url, self._place.models)
        except UnsendableError as error:
            why = why or f"no scenario can send it again: {error}"
        if not why and self._stands(name, made):
            if name not in self.summary.there:
                self.summary.there.append(name)
            return
        kept = self._kept.setdefault((name, not why), _Kept(made))
        kept.reasons += [why] * bool(why)
        kept.of_route = kept.of_route or bool(why and _of_route(exchange))
        if kept.closed or len(kept.exchanges) >= MAX_SAMPLES:
            kept.more += 1
            return
        sized = replace(exchange, scenario=name, step=0, sample=len(kept.exchanges))
        kept.exchanges.append(sized)
        size = len(sized.request.body or b"") + len(sized.response.body if sized.response else b"")
        kept.size, kept.dirty, self._held = kept.size + size, True, self._held + size

    def _stands(self, name: str, made: Written | None) -> bool:
        """Whether a golden of this request stands, and the file that sends it."""
        if name not in self._there or made is None:
            return False
        if (self._place.suite / f"{name}.yaml").is_file():
            return True
        # its scenario is gone, or a kill came between the two: the golden is only good for the very same request
        facts = cassette.load(self._place.golden / name / "cassette.yaml").facts
        if facts.get("asks") != asks(made.scenario):
            return False
        journal.write(self._place.suite / f"{name}.yaml", made.text)
        return True

    # -- the disk -------------------------------------------------------------------------------

    def _try(self, name: str, fine: bool, kept: _Kept) -> None:
        start = time.monotonic()
        try:
            if fine and kept.written is not None:
                self._write_golden(name, kept.written, kept)
            else:
                self._write_apart(name, kept)
        except CassetteError as error:  # a full disk, another process that writes: tried again
            self._once(str(error))
        except GateError as error:
            self._give_up(name, fine, str(error))
        except Exception as error:  # its words may hold what must not be told
            self._give_up(name, fine, f"{name} is not kept, by a mistake of the gate: {type(error).__name__}")
        kept.due = time.monotonic() + max(_PAUSE, _SHARE * (time.monotonic() - start))

    def _give_up(self, name: str, fine: bool, words: str) -> None:
        self.summary.lost += len(self._kept.pop((name, fine)).exchanges)
        self._tell(words)

    def _once(self, words: str) -> None:
        if words not in self._told:
            self._told.add(words)
            self._tell(words)

    def _write_golden(self, name: str, made: Written, kept: _Kept) -> None:
        run = ScenarioRun(tuple(kept.exchanges), "ok")
        recording = record([made.scenario], {name: run}, self._facts(kept), self._scrubber)
        if why := recording.refused.get(name) or recording.not_served.get(name):
            del self._kept[name, True]
            kept.reasons.append(why)
            kept.of_route = True
            self._kept[name, False] = kept
            self._write_apart(name, kept)
            return
        for note in recording.notes:
            self._once(note)
        with journal.writer(self._place.golden) as folder:
            folder.write(recording.files)
        journal.write(self._place.suite / f"{name}.yaml", made.text)
        kept.dirty = False

    def _write_apart(self, name: str, kept: _Kept) -> None:
        text = cassette.dump({**self._facts(kept), "scenario": name}, kept.exchanges)
        self._scrubber.guard([], text, where=name)
        journal.write(self._place.apart / name / "cassette.yaml", text)
        kept.dirty = False

    def _facts(self, kept: _Kept) -> dict[str, Json]:
        """The facts of the route, with the models of this scenario."""
        model = asked_model(kept.exchanges[0].request)
        asked = self._place.models or ({"model": model} if isinstance(model, str) else {})
        return {**self._place.facts, "models": {"asked": dict(asked), "answered": answered_models(kept.exchanges)}}

    def _let_go(self) -> None:
        """Forget the bodies of what is written; it takes no more samples."""
        for kept in self._kept.values():
            if not kept.dirty and not kept.closed:
                kept.closed = True
                self._held -= kept.size
                kept.exchanges = [
                    replace(e, response=None, request=replace(e.request, body=None)) for e in kept.exchanges
                ]


def _unfit(exchange: Exchange) -> str:
    """Why an exchange can't stand for what the route does; "" where it can."""
    response = exchange.response
    if response is None or exchange.ending is not Ending.COMPLETE:
        return exchange.detail or f"it ended {exchange.ending}"
    denied = response.status in (401, 403) and _known_key(exchange)
    if 200 <= response.status < 300 or response.status in _ANSWERS or denied:
        return ""
    return f"the route answered {response.status}"


def _known_key(exchange: Exchange) -> bool:
    """Whether the suite can ask with the same key: the deliberate bad one, or none."""
    return access_of(exchange.request.headers) != "ok"


def _of_route(exchange: Exchange) -> bool:
    """Whether it is the route's doing that an exchange is no golden, not the client's."""
    status = exchange.response.status if exchange.response else 0
    if exchange.ending in (Ending.CANCELLED, Ending.TOO_LARGE):
        return False
    return exchange.ending is not Ending.COMPLETE or status >= 500 or status in (408, 425, 429)
