"""Keeps exchanges as cassettes, one for each scenario: `DIR/<scenario>/cassette.yaml`.

A thread scrubs and writes while nothing is played, or after a while all the same, so that streams keep their pace. A
cassette is replaced as a whole: a process that is killed leaves the last one that was complete. Nothing reaches the
disk before `gate.redact` has seen it.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from gate.errors import GateError
from gate.model import Exchange, Json
from gate.redact.scrub import Scrubber
from gate.replay.service import UNMATCHED
from gate.store import cassette, journal

MAX_SCENARIO = 16 * 1024 * 1024
"""Bytes of bodies that one cassette holds; what comes after is counted."""
MAX_ALL = 256 * 1024 * 1024

_PATIENCE = 2.0  # seconds that the thread waits for a moment in which nothing is played
_PAUSE = 0.5  # seconds between two writes of one cassette
_SHARE = 10  # a write that took long is not repeated before ten times as long


@dataclass(slots=True)
class _Scenario:
    """The exchanges of one scenario. `due` is when its file may be written next, on the monotonic clock."""

    exchanges: list[Exchange] = field(default_factory=list)
    samples: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    size: int = 0
    dirty: bool = False
    due: float = 0.0


class Log:
    """Writes exchanges below a folder until it is closed. `note` gets words about what could not be kept; `busy` says
    whether anything is played at the moment."""

    def __init__(
        self,
        folder: Path,
        scrubber: Scrubber,
        facts: Mapping[str, Json],
        note: Callable[[str], None],
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        self._folder, self._scrubber, self._facts, self._note, self._busy = folder, scrubber, facts, note, busy
        self._closing = threading.Event()
        self._scenarios: dict[str, _Scenario] = defaultdict(_Scenario)
        self._size = self._lost = 0
        self._queue: queue.SimpleQueue[Exchange | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def add(self, exchange: Exchange) -> None:
        """Keep an exchange; returns at once. The page for a browser (no scenario) is none."""
        if exchange.scenario:
            self._queue.put(exchange)

    def close(self) -> None:
        """Write what has come so far, and end."""
        self._closing.set()
        self._queue.put(None)
        self._thread.join()
        if self._lost:
            why = "there was no room, or a secret would have been in it"
            self._note(f"{self._lost} exchanges are not in {self._folder}: {why}")

    # -- in the thread --------------------------------------------------------------------------

    def _run(self) -> None:
        open_ = True
        while open_:
            open_ = self._take()
            for name, scenario in self._scenarios.items():
                if scenario.dirty and (not open_ or time.monotonic() >= scenario.due):
                    self._try(partial(self._write, name, scenario))

    def _take(self) -> bool:
        """Takes what is there, waiting a moment for the first; False at the end."""
        try:
            exchange = self._queue.get(timeout=_PAUSE if any(s.dirty for s in self._scenarios.values()) else None)
            self._wait_for_quiet()
            while exchange is not None:
                self._try(partial(self._keep, exchange))
                exchange = self._queue.get_nowait()
        except queue.Empty:
            return True
        return False

    def _wait_for_quiet(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while self._busy() and time.monotonic() < deadline and not self._closing.wait(0.02):
            pass

    def _keep(self, exchange: Exchange) -> None:
        scenario = self._scenarios[exchange.scenario]
        size = len(exchange.request.body or b"") + len(exchange.response.body if exchange.response else b"")
        if scenario.size + size > MAX_SCENARIO or self._size + size > MAX_ALL:
            self._lost += 1
            return
        # Requests that nothing answers have nothing in common: each is a step of its own.
        step = len(scenario.exchanges) if exchange.scenario == UNMATCHED else exchange.step
        clean = self._scrubber.scrub(replace(exchange, step=step, sample=scenario.samples[step]))
        self._scrubber.guard([clean], where=exchange.scenario)
        scenario.samples[step] += 1
        scenario.exchanges.append(clean)
        scenario.dirty, scenario.size, self._size = True, scenario.size + size, self._size + size

    def _write(self, name: str, scenario: _Scenario) -> None:
        start = time.monotonic()
        scenario.dirty = False
        text = cassette.dump({**self._facts, "scenario": name}, scenario.exchanges)
        self._scrubber.guard([], text, where=name)
        journal.write(self._folder / name / "cassette.yaml", text)
        scenario.due = time.monotonic() + max(_PAUSE, _SHARE * (time.monotonic() - start))

    def _try(self, step: Callable[[], None]) -> None:
        """Does a step; what keeps it from being done is told, and the thread goes on."""
        try:
            step()
        except GateError as error:  # a secret would have been stored, or the disk is full
            self._lost += 1
            self._note(str(error))
        except Exception as error:  # its words may hold what must not be told
            self._lost += 1
            self._note(f"an exchange is not kept, by a mistake of the gate: {type(error).__name__}")
