"""The bench on which a gateway stands: upstream server, the gateway's process, and what passed both of its sides."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from gate.hermetic import launch
from gate.hermetic.cells import Cell, golden_of
from gate.hermetic.upstream import BETWEEN, Flight, Upstream, pace
from gate.model import Exchange, Json, Route
from gate.redact.scrub import Scrubber
from gate.replay.serving import Server, base_url, listen, serving_on
from gate.run.record import cassette_text
from gate.run.request import Prepared
from gate.store.sides import DIRECT, UPSTREAM
from gate.text.plural import count

SETTLE_SECONDS = 5.0
"""So long may an upstream's answer go on after the client has its own, or has left."""

MAX_KEPT = 256 * 1024 * 1024
"""Bytes of bodies that are kept of the upstream's side."""

_ELSEWHERE_SECONDS = 60.0  # chosen: a container that starts beside the job
_POLL = 0.005  # seconds


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything is: the upstream's socket and URL, and the port of a gateway that is started here."""

    listener: socket.socket
    url: str
    port: int

    def filled(self, route: Route) -> Route:
        """The route with `{port}` and `{upstream}` filled in."""
        port = self.port if route.start else None

        def fill(text: str) -> str:
            return launch.filled(text, port, self.url)

        return replace(
            route,
            base_url=fill(route.base_url),
            headers={name: fill(text) for name, text in route.headers.items()},
            start=tuple(map(fill, route.start)),
            max_concurrency=1,  # what reaches the upstream belongs to the one request in flight
        )


@contextlib.contextmanager
def placed(port: int = 0, host: str = "127.0.0.1") -> Iterator[Place]:
    """The upstream's socket for the time of the block, and a free port for the gateway. GateError where it is taken."""
    listener = listen(port, host)
    try:
        yield Place(listener, base_url(listener), launch.free_port())
    finally:
        listener.close()


@dataclass
class Bench:
    """What passed the gateway. `watch` is around every request of the suite, on the loop of the runner; the upstream
    and its listener live in a thread of their own."""

    upstream: Upstream
    server: Server
    cells: Mapping[str, Cell]
    calls: list[Exchange] = field(default_factory=list)
    bodies: dict[tuple[str, int], bytes | None] = field(default_factory=dict)
    waited: dict[tuple[str, int, int, int], float] = field(default_factory=dict)  # ms until a request went out
    size: int = 0
    lost: int = 0

    @contextlib.asynccontextmanager
    async def watch(self, prepared: Prepared) -> AsyncIterator[Callable[[Exchange], None]]:
        """Marks the request as in flight, until all that it caused upstream has ended. To be told of its exchange: what
        came upstream is timed by the client's clock, which starts on a ready connection."""
        cell = self.cells.get(prepared.scenario)
        self.bodies[prepared.scenario, prepared.step] = prepared.body
        flight = Flight(
            prepared.scenario,
            cell.base if cell else prepared.scenario,
            prepared.step,
            prepared.sample,
            prepared.attempt,
            prepared.method,
            cell.script if cell else None,
            time.monotonic(),
            hurried=cell is not None,
            request_id=prepared.request_id,
        )
        self.upstream.flights = (*self.upstream.flights, flight)

        def ended(exchange: Exchange) -> None:
            if exchange.total_ms is not None:
                since = (time.monotonic() - flight.started) * 1000
                self.waited[flight.key] = max(0.0, since - exchange.total_ms)

        try:
            yield ended
            await self._settled()
        finally:
            self.upstream.flights = tuple(other for other in self.upstream.flights if other is not flight)

    async def _settled(self) -> None:
        """Waits for the end of what the upstream is at; under load the last of the clients does."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while len(self.upstream.flights) == 1 and self.server.under_way and time.monotonic() < deadline:
            await asyncio.sleep(_POLL)

    def take(self, exchange: Exchange) -> None:
        """An exchange of the upstream's side has ended."""
        if not exchange.scenario:
            return
        self.size += len(exchange.request.body or b"") + len(exchange.response.body if exchange.response else b"")
        if self.size > MAX_KEPT:
            self.lost += 1
        else:
            self.calls.append(exchange)

    # -- the end --------------------------------------------------------------------------------

    def files(
        self, known: Mapping[str, Json], goldens: Mapping[str, Sequence[Exchange]], scrubber: Scrubber
    ) -> dict[str, str]:
        """Path → text of what `gate diff` needs beside the candidate's own side: the upstream's, and the goldens of the
        cells. `known` are the facts of the run. Raises SecretError."""
        files: dict[str, str] = {}
        for name in sorted({call.scenario for call in self.calls} - {BETWEEN}):
            of_scenario = [self._by_the_client(call) for call in self.calls if call.scenario == name]
            files[f"{UPSTREAM}/{name}/cassette.yaml"] = cassette_text(
                name, of_scenario, {**known, "hop": UPSTREAM}, scrubber
            )
        for name in self.cells.keys() & goldens.keys():
            asked = [self._as_asked(name, exchange) for exchange in goldens[name]]
            files[f"{DIRECT}/{name}/cassette.yaml"] = cassette_text(name, asked, known, scrubber)
        return files

    def _by_the_client(self, call: Exchange) -> Exchange:
        waited = self.waited.get(_flight(call), 0.0)
        return replace(call, at_ms=None if call.at_ms is None else max(0.0, call.at_ms - waited))

    def _as_asked(self, name: str, exchange: Exchange) -> Exchange:
        """A cell's golden under the request that was sent: what differs from the suite's is no difference of routes."""
        body = self.bodies.get((name, exchange.step), exchange.request.body)
        return replace(exchange, request=replace(exchange.request, body=body))

    def notes(self) -> Iterator[str]:
        """What a person should know beside the findings."""
        between = [call for call in self.calls if call.scenario == BETWEEN and call.request.method == "POST"]
        if between:
            yield f"{count(len(between), 'request')} reached the upstream while none of the suite was in flight"
        if self.lost:
            yield f"{count(self.lost, 'exchange')} of the upstream are not kept: together they are too large"
        known = {(r.scenario, r.step) for r in self.upstream.recordings.all}
        sent = {(self.cells[n].base if n in self.cells else n, step) for n, step in self.bodies}
        if unasked := sorted(
            f"{name} (step {step})" if step else name for name, step in (known & sent) - self.upstream.asked
        ):
            yield f"recordings that the gateway never asked its upstream for: {', '.join(unasked)}"


def _flight(exchange: Exchange) -> tuple[str, int, int, int]:
    return exchange.scenario, exchange.step, exchange.sample, exchange.attempt


def goldens_of(cells: Sequence[Cell], goldens: Mapping[str, Sequence[Exchange]]) -> dict[str, tuple[Exchange, ...]]:
    """The goldens of the cells, by id; a cell whose fault fits no sample has none."""
    found: dict[str, tuple[Exchange, ...]] = {}
    for cell in cells:
        samples = goldens[cell.base][:1] if cell.many else goldens[cell.base]
        made = [golden_of(cell, exchange, pace(exchange, hurried=True), time.time()) for exchange in samples]
        if fitting := tuple(exchange for exchange in made if exchange is not None):
            found[cell.scenario.id] = fitting
    return found


@contextlib.contextmanager
def standing(place: Place, upstream: Upstream, cells: Sequence[Cell]) -> Iterator[Bench]:
    """The upstream serves for the time of the block."""
    server = Server(upstream)
    bench = Bench(upstream, server, {cell.scenario.id: cell for cell in cells})
    server.listeners.append(bench.take)
    with serving_on(server, place.listener):
        yield bench


@contextlib.contextmanager
def gateway(
    place: Place, route: Route, environ: Mapping[str, str], hidden: Collection[str], root: Path, scrubber: Scrubber
) -> Iterator[None]:
    """The gateway of a filled route: started for the time of the block, or waited for where others start it."""
    parts = urlsplit(route.base_url)
    ready = f"{parts.scheme}://{parts.netloc}{route.ready}"
    if not route.start:
        launch.wait_until_up(ready, _ELSEWHERE_SECONDS, f"routes.{route.name}.base_url")
        yield
        return
    seen = launch.environment(environ, hidden, place.port, place.url)
    with launch.started(route.start, seen, ready, root, route.name, scrubber):
        yield
