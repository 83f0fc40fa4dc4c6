"""Plays cells to one SDK version: several lanes, each with a replay server of its own and one call in flight.

They share one process of the driver where it takes several jobs at once; else each has its own.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from gate.endpoints import endpoint
from gate.model import Exchange, Json, Request, Transcript
from gate.replay.service import BASE_PATH, Answer, Responder, Service
from gate.replay.serving import Server, serving
from gate.sdk.environments import Driver, UnusableError
from gate.sdk.jobs import Cell, Job, first_samples
from gate.sdk.process import Process
from gate.sdk.transcripts import Received, transcript, unusable, without_made_ids
from gate.wire.encoding import content

# chosen: the AI SDK sends the third of its attempts after 6 s, and longer pauses are one case: it still waits.
PATIENCE = 8.0
"""Seconds that a call may take; one that is not over then still waits."""

SETTLING = 1.5
"""Seconds after a call in which the server may learn what became of its connections: a stream that the application left
goes on for one second, and ends as if it were read where the SDK does not close it."""

LATE_MS = 900.0
"""After so many milliseconds a first token is late that the server sent at once; less than what the rule tells."""

_AGAIN = 4

# chosen: faults wait for 40 s together. A process of its own costs a lane a second of CPU, which imports take.
SHARED, ALONE = 8, 4
"""Lanes of one process, and lanes of which each has its own."""


@dataclass(frozen=True, slots=True)
class Played:
    """What one version made of the cells: transcripts by cell, and what its driver says of itself."""

    transcripts: Mapping[int, tuple[Transcript, ...]]
    hello: Mapping[str, Any]


class _Watched:
    """Answers from one scenario at a time, and keeps what came, when, and how it ended.

    Both versions must get the same bytes: a server that knows several samples, or scenarios with one text, takes turns.
    """

    def __init__(self) -> None:
        self._service = Service({})
        self._seen: list[tuple[float, Request]] = []
        self._ended: dict[int, Exchange] = {}  # by the identity of their requests
        self._change = threading.Condition()
        self.fault = ""

    def serve(self, exchanges: Sequence[Exchange]) -> None:
        """From now on, the first sample of each step of this scenario."""
        first = first_samples(exchanges)
        self._service = Service({first[0].scenario: first} if first else {}, speed=0)

    def respond(self, request: Request) -> Answer:
        """The service's answer, with the fault that is set, where the path can't name it: a gateway makes its own."""
        with self._change:
            self._seen.append((time.monotonic(), request))
        if self.fault:
            request = replace(request, url=request.url.replace(BASE_PATH, f"{BASE_PATH}!{self.fault}/", 1))
        return self._service.respond(request)

    def ended(self, exchange: Exchange) -> None:
        """An answer is over: the server's listener."""
        with self._change:
            self._ended[id(exchange.request)] = exchange
            self._change.notify_all()

    def taken(self, patience: float = 0.0) -> list[Received]:
        """What came since the last call, once all of it has ended, or as it is after `patience` seconds."""
        with self._change:
            self._change.wait_for(lambda: all(id(request) in self._ended for _, request in self._seen), patience)
            seen, self._seen = self._seen, []
            ended, self._ended = self._ended, {}
        found = [Received(at, request, ended.get(id(request))) for at, request in seen]
        return [replace(one, open=one.ended is None) for one in found]


Front = Callable[[Responder], AbstractContextManager[str]]
"""What stands before a responder for the time of a block; gives the base_url that a driver asks."""


@dataclass
class Player:
    """One version. `goldens` are what its servers answer from; `known` are the parameters by endpoint that its
    applications write by name: those of the golden's version, or (None) its own. `front` is a gateway that is started
    before the server; `started`, a process of the driver that is up already."""

    driver: Driver
    goldens: Mapping[str, Sequence[Exchange]]
    known: Mapping[str, Sequence[str]] | None
    front: Front | None = None
    hello: Mapping[str, Any] = field(default_factory=dict)
    started: Process | None = None

    def play(self, cells: Sequence[Cell]) -> Played:
        """All cells. A version that can't be started is told in every transcript."""
        try:
            first = self.started or Process(self.driver)
        except UnusableError as error:
            return unplayable(cells, str(error))
        self.hello = first.hello
        waiting: queue.SimpleQueue[tuple[int, Cell]] = queue.SimpleQueue()
        # what only waits is begun first, and the others' work fills the time
        for item in sorted(enumerate(cells), key=lambda item: -item[1].pause):
            waiting.put(item)
        # a gateway takes long to start, and what reaches its upstream belongs to the one call in flight
        lanes = 1 if self.front else min(first.at_once, SHARED) if first.at_once > 1 else ALONE
        shared = first if lanes > 1 and first.at_once > 1 else None
        made: dict[int, tuple[Transcript, ...]] = {}

        def work(own: Process | None) -> None:
            with contextlib.closing(_Lane(self, shared or own, shared)) as lane:
                while (item := _taken(waiting)) is not None:
                    number, cell = item
                    made[number] = lane.play(cell)

        with ThreadPoolExecutor(lanes) as pool:
            for future in [pool.submit(work, None if number else first) for number in range(lanes)]:
                future.result()
        first.close()
        return Played(made, self.hello)


def unplayable(cells: Sequence[Cell], why: str) -> Played:
    """What a version made of the cells that can't be started."""
    return Played({n: tuple(unusable(job.call, why) for job in cell.jobs) for n, cell in enumerate(cells)}, {})


def _taken(waiting: queue.SimpleQueue[tuple[int, Cell]]) -> tuple[int, Cell] | None:
    try:
        return waiting.get_nowait()
    except queue.Empty:
        return None


class _Lane:
    """One call at a time, a server for it, and the process that makes it: the shared one or its own."""

    def __init__(self, player: Player, process: Process | None, shared: Process | None) -> None:
        self._player, self._process, self._shared = player, process, shared
        self._unusable = ""
        self._golden: Sequence[Exchange] = ()
        self._up = contextlib.ExitStack()
        self._open()

    def play(self, cell: Cell) -> tuple[Transcript, ...]:
        """What became of each call of a cell."""
        self._golden = self._player.goldens[cell.exchange.scenario]
        self._watched.serve(self._golden)
        body = content(cell.exchange.response) if cell.exchange.response else b""
        return tuple(without_made_ids(self.steady(job), body) for job in cell.jobs)

    def _open(self) -> None:
        """Another server instead of the one before."""
        self._up.close()
        self._watched = _Watched()
        self._watched.serve(self._golden)
        front, server = self._player.front, Server(self._watched, self._watched.ended)
        self._base_url = self._up.enter_context(front(self._watched) if front else serving(server))

    def steady(self, job: Job) -> Transcript:
        """The transcript of one call. Where the first token is late, which a busy machine makes it now and then, and an
        SDK every time: of several calls that with the earliest."""
        made = self.perform(job)
        for _ in range(_AGAIN):
            if not job.prompt or made.first_ms is None or made.first_ms < LATE_MS:
                break
            again = self.perform(job)
            if again.outcome == made.outcome and again.first_ms is not None and again.first_ms < made.first_ms:
                made = again
        return made

    def perform(self, job: Job) -> Transcript:
        """The transcript of one call."""
        if self._unusable:
            return unusable(job.call, self._unusable)
        try:
            process = self._process = self._process or Process(self._player.driver)
        except UnusableError as error:
            self._unusable = str(error)
            return unusable(job.call, self._unusable)
        self._player.hello = process.hello
        with process.warming:
            if job.fault and not process.warm:
                # the first call of a process takes longest, and faults are timed
                self._watched.fault = ""
                process.perform(self._line(replace(job, fault="", options={})), PATIENCE + 10)
            process.warm = True
        own = parameters(process.hello)
        if own and job.endpoint not in own:
            return unusable(job.call, f"the version has no {job.endpoint}")
        self._watched.taken()
        self._watched.fault = job.fault if self._player.front else ""
        said = process.perform(self._line(job), PATIENCE + 10)
        if said is None and process is self._shared:
            # which of the calls in it ended it, nobody knows: each is made again in a process of its own
            process.close()  # one that hangs lets the others wait as long
            self._process = None
            return self.perform(job)
        over = said is not None and said.get("outcome") not in ("waiting", "exited")
        received = self._asked(job, SETTLING if over else 0.0)
        said = said or {"outcome": "exited", "detail": process.end_words()}
        if not over:
            self._leave(process)
        return transcript(job.call, said, received)

    def _asked(self, job: Job, patience: float) -> list[Received]:
        """What the call caused. A gateway also looks after its upstream on its own, and lists its models; how it deals
        with connections says nothing of the SDK."""
        if not self._player.front:
            return [one for one in self._watched.taken(patience) if of_call(job, one.request)]
        path = endpoint(job.endpoint).path
        seen = [one for one in self._watched.taken() if urlsplit(one.request.url).path.endswith(path)]
        return [replace(one, ended=None, open=False) for one in seen]

    def _leave(self, process: Process) -> None:
        """It may still send: the next call gets another server, or another process."""
        if process is self._shared:
            self._open()
        else:
            process.close()
            self._process = None

    def close(self) -> None:
        """Ends the server, and a process of its own."""
        self._up.close()
        if self._process and self._process is not self._shared:
            self._process.close()

    def _line(self, job: Job) -> dict[str, Json]:
        known = self._player.known
        named = (parameters(self._player.hello) if known is None else known).get(job.endpoint, ())
        return {
            "endpoint": job.endpoint,
            "call": job.call,
            "base_url": f"{self._base_url}/!{job.fault}" if job.fault and not self._player.front else self._base_url,
            "api_key": job.api_key,
            "body": dict(job.body),
            "extra": [key for key in job.body if named and key not in named],
            "timeout": PATIENCE,
            **job.options,
        }


def of_call(job: Job, request: Request) -> bool:
    """Whether a request can be one of a call, and not of a stranger: on a machine that builds many things, somebody
    still asks after a server that had this port before."""
    key = job.api_key and any(job.api_key in value for _, value in request.headers)
    return bool(key) or urlsplit(request.url).path.startswith(BASE_PATH)


def parameters(hello: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """The names that a driver's methods take, by endpoint; none where it does not say."""
    said = hello.get("parameters")
    return {k: v for k, v in said.items() if isinstance(v, list)} if isinstance(said, dict) else {}
