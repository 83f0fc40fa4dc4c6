"""Plays cells to one SDK version: a replay server and a driver per worker, one call in flight in each."""

from __future__ import annotations

import itertools
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

# chosen: importing an SDK costs a second of CPU, and faults wait for 40 s together: with 4 they take 10 s
WORKERS = 4


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
    before the server; `started`, a process of the driver that is up already, and that the first worker takes."""

    driver: Driver
    goldens: Mapping[str, Sequence[Exchange]]
    known: Mapping[str, Sequence[str]] | None
    front: Front | None = None
    hello: Mapping[str, Any] = field(default_factory=dict)
    started: Process | None = None

    def play(self, cells: Sequence[Cell]) -> Played:
        """All cells. A version that can't be started is told in every transcript."""
        waiting: queue.SimpleQueue[tuple[int, Cell]] = queue.SimpleQueue()
        # what only waits is begun first, and the others' work fills the time
        for item in sorted(enumerate(cells), key=lambda item: -item[1].pause):
            waiting.put(item)
        made: dict[int, tuple[Transcript, ...]] = {}
        lock = threading.Lock()

        def work() -> None:
            watched = _Watched()
            server = Server(watched, watched.ended)
            with self.front(watched) if self.front else serving(server) as base_url:
                with lock:
                    worker, self.started = _Worker(self, base_url, watched, self.started), None
                while (item := _taken(waiting)) is not None:
                    number, cell = item
                    watched.serve(self.goldens[cell.exchange.scenario])
                    body = content(cell.exchange.response) if cell.exchange.response else b""
                    result = tuple(without_made_ids(worker.steady(job), body) for job in cell.jobs)
                    with lock:
                        made[number] = result
                worker.close()

        # a gateway takes long to start, and what reaches its upstream belongs to the one call in flight
        workers = 1 if self.front else WORKERS
        with ThreadPoolExecutor(workers) as pool:
            for future in [pool.submit(work) for _ in range(workers)]:
                future.result()
        return Played(made, self.hello)


def _taken(waiting: queue.SimpleQueue[tuple[int, Cell]]) -> tuple[int, Cell] | None:
    try:
        return waiting.get_nowait()
    except queue.Empty:
        return None


class _Worker:
    """One driver at a time, and its server."""

    def __init__(self, player: Player, base_url: str, watched: _Watched, process: Process | None) -> None:
        self._player, self._base_url, self._watched = player, base_url, watched
        self._process = process
        self._numbers = itertools.count()
        self._unusable = ""
        self._warm = False

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
        if job.fault and not self._warm:
            # the first call of a process takes longest, and faults are timed
            self._watched.fault = ""
            process.perform(self._line(replace(job, fault="", options={})), PATIENCE + 10)
        self._warm = True
        own = parameters(process.hello)
        if own and job.endpoint not in own:
            return unusable(job.call, f"the version has no {job.endpoint}")
        self._watched.taken()
        self._watched.fault = job.fault if self._player.front else ""
        said = process.perform(self._line(job), PATIENCE + 10)
        over = said is not None and said.get("outcome") not in ("waiting", "exited")
        received = self._asked(job, SETTLING if over else 0.0)
        said = said or {"outcome": "exited", "detail": process.end_words()}
        if not over:
            # its thread may still send: the next job gets a driver of its own
            process.close()
            self._process, self._warm = None, False
        return transcript(job.call, said, received)

    def _asked(self, job: Job, patience: float) -> list[Received]:
        """What the call caused. A gateway also looks after its upstream on its own, and lists its models; how it deals
        with connections says nothing of the SDK."""
        if not self._player.front:
            return self._watched.taken(patience)
        path = endpoint(job.endpoint).path
        seen = [one for one in self._watched.taken() if urlsplit(one.request.url).path.endswith(path)]
        return [replace(one, ended=None, open=False) for one in seen]

    def close(self) -> None:
        """Ends the driver."""
        if self._process:
            self._process.close()

    def _line(self, job: Job) -> dict[str, Json]:
        known = self._player.known
        named = (parameters(self._player.hello) if known is None else known).get(job.endpoint, ())
        return {
            "id": next(self._numbers),
            "endpoint": job.endpoint,
            "call": job.call,
            "base_url": f"{self._base_url}/!{job.fault}" if job.fault and not self._player.front else self._base_url,
            "api_key": job.api_key,
            "body": dict(job.body),
            "extra": [key for key in job.body if named and key not in named],
            "timeout": PATIENCE,
            **job.options,
        }


def parameters(hello: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """The names that a driver's methods take, by endpoint; none where it does not say."""
    said = hello.get("parameters")
    return {k: v for k, v in said.items() if isinstance(v, list)} if isinstance(said, dict) else {}
