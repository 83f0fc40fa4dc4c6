"""The passing process: a listening socket, its tunnels, and the recorder that is told what they did."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from gate.model import Json
from gate.proxy.tape import Piece, Tape
from gate.proxy.tunnel import Tunnel
from gate.proxy.upstream import Upstream
from gate.replay.serving import in_thread

MAX_CONNECTIONS = 1000
"""Clients beyond are turned away."""
_NICENESS = 5
PATIENCE = 60.0
"""Seconds that the recorder has for what it has not written when the proxy ends."""


class Recorder:
    """The recording process, from the passing one: what it is told, and what it says.

    `told` is called with each line that it says, from a thread. The process outlives a kill of this one, and then
    writes what was complete.
    """

    def __init__(self, settings: Mapping[str, Json], told: Callable[[Mapping[str, Any]], None]) -> None:
        self.failed = False
        """Whether it ended before its time."""
        # what this process can import, it can: `python -m gate` in a checkout has a path that no variable holds
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gate.proxy.recorder"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C is for us: it has to write what came until then
        )
        _stand_back(self._process.pid)
        assert self._process.stdin
        # through the pipe, because arguments and variables can be read by others; keys are in it
        line = json.dumps(dict(settings)).encode() + b"\n"
        descriptor = os.dup(self._process.stdin.fileno())
        self._process.stdin.close()
        with contextlib.suppress(BrokenPipeError):
            os.write(descriptor, line)
        self.tape = Tape(descriptor, self._gone)
        self._told, self._ready = told, threading.Event()
        self._reader = threading.Thread(target=self._listen, name="recorder", daemon=True)
        self._reader.start()
        self._ready.wait(PATIENCE)  # as long as it starts, it takes time from those who pass bytes on

    def _gone(self) -> None:
        self.failed = True

    def _listen(self) -> None:
        assert self._process.stdout
        with contextlib.suppress(OSError, ValueError):
            for line in self._process.stdout:
                said = json.loads(line)
                self._ready.set()
                self._told(said)
        self._ready.set()  # it ended

    def close(self) -> None:
        """Hand on everything, and wait until it is written."""
        self.tape.close()
        try:
            self.failed = self._process.wait(PATIENCE) != 0 or self.failed
        except subprocess.TimeoutExpired:
            self.failed = True
            self._process.kill()
        self._reader.join()
        assert self._process.stdout
        self._process.stdout.close()


def _stand_back(pid: int) -> None:
    """Whoever passes bytes on, and whoever sends and reads them, goes first."""
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setscheduler(pid, os.SCHED_BATCH, os.sched_param(0))
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, pid, _NICENESS)


class Proxy:
    """Passes the bytes of every client to the upstream. `note` gets words for a person about what could not be passed.

    It runs on the loop and must be quick.
    """

    def __init__(self, upstream: Upstream, put: Callable[[Piece], None], note: Callable[[str], None]) -> None:
        self.upstream, self.put, self._note = upstream, put, note
        self._tunnels: set[Tunnel] = set()
        self._steps: deque[Callable[[], None]] = deque()

    async def run(self, listener: socket.socket, up: Callable[[], None], stopped: asyncio.Event) -> None:
        """Serves from `up` until `stopped`; then every connection is ended at once."""
        loop = asyncio.get_running_loop()
        # asyncio accepts as many as that at once, and chunks of streams would wait for all of them
        server = await loop.create_server(lambda: Tunnel(self), sock=listener, backlog=1)
        listener.listen(512)
        up()
        try:
            await stopped.wait()
        finally:
            server.close()
            for tunnel in list(self._tunnels):
                tunnel.drop()
            await asyncio.sleep(0)  # tunnels say that they are closed

    def joined(self, tunnel: Tunnel) -> None:
        """One more tunnel."""
        self._tunnels.add(tunnel)
        if len(self._tunnels) > MAX_CONNECTIONS:
            self.refused("a connection is one too many")
            tunnel.drop()

    def parted(self, tunnel: Tunnel) -> None:
        """One less."""
        self._tunnels.discard(tunnel)

    def turn(self, step: Callable[[], None]) -> None:
        """Does a step soon. Of many, one for each round of the loop, because chunks of streams wait between them."""
        self._steps.append(step)
        if len(self._steps) == 1:
            asyncio.get_running_loop().call_soon(self._step)

    def _step(self) -> None:
        self._steps[0]()
        self._steps.popleft()
        if self._steps:
            asyncio.get_running_loop().call_soon(self._step)

    def refused(self, words: str) -> None:
        """Something came that can't be passed on, or nowhere."""
        self._note(words)


def passing(proxy: Proxy, listener: socket.socket) -> AbstractContextManager[None]:
    """Runs a proxy in a thread for the time of the block."""
    return in_thread("proxy", lambda up, stopped: proxy.run(listener, up, stopped))
