"""The exchanges of a run while it lasts: those that memory has no room for are scrubbed, and go to the disk."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from gate.model import Exchange
from gate.store.spool import ROOM, Spool


class Held:
    """By scenario, in the order of their ends. `scrub` takes the secrets out of what goes to the disk; without it all
    stay in memory.

    Scrubbing takes the processor for seconds, which would be measured as the route's time. So it is done while no
    request is in flight: what wants to be sent waits until those are answered.
    """

    def __init__(self, scrub: Callable[[Exchange], Exchange] | None = None) -> None:
        self.exchanges: dict[str, list[Exchange]] = {}
        self._scrub = scrub
        self._spool = Spool(room=0)
        self._fresh: list[tuple[str, int]] = []  # where those in memory are
        self._bytes = self._flying = 0
        self._open = asyncio.Event()
        self._open.set()

    @contextlib.asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """The time of one request, its `add` included."""
        while not self._open.is_set():
            await self._open.wait()
        self._flying += 1
        try:
            yield
        finally:
            self._flying -= 1
            if not self._open.is_set() and not self._flying:
                await self._store()

    def add(self, scenario: str, exchange: Exchange) -> None:
        """What one request gave."""
        of_scenario = self.exchanges.setdefault(scenario, [])
        self._fresh.append((scenario, len(of_scenario)))
        of_scenario.append(exchange)
        self._bytes += len(exchange.response.body) if exchange.response else 0
        if self._bytes > ROOM and self._scrub:
            self._open.clear()

    async def _store(self) -> None:
        try:
            while self._fresh and self._scrub:
                scenario, place = self._fresh.pop()
                # in a thread, so that Ctrl-C need not wait for all of them
                clean = await asyncio.to_thread(self._scrub, self.exchanges[scenario][place])
                self.exchanges[scenario][place] = self._spool.keep(clean)
            self._bytes = 0
        finally:
            self._open.set()
