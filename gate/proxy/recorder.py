"""The recording process: reads the tape, and keeps what it finds. `python -m gate.proxy.recorder`, started by `server`.

It is a process of its own so that parsing, scrubbing and writing never hold the one that passes bytes on; and because
it outlives it: after a kill the pipe ends, and what was complete is written. The first line of its input are settings,
the rest is the tape; its output are lines of JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gate.proxy.conversation import Conversation
from gate.proxy.keeper import Keeper, Place
from gate.proxy.tape import Kind, Piece, Unpacker
from gate.redact.scrub import Scrubber
from gate.run.capture import Room
from gate.text.safe import line

_READ = 1024 * 1024
_TICK = 0.2  # seconds without anything new before what is there is written
_PATIENCE = 2.0  # … and seconds after which it is written all the same


class Recorder:
    """Pieces → conversations → the keeper."""

    def __init__(self, settings: dict[str, Any], keeper: Keeper) -> None:
        self._origin, self._limit = settings["origin"], settings["max_body"]
        self._room = Room(settings["max_run"])
        self._keeper = keeper
        self._conversations: dict[int, Conversation] = {}

    def take(self, piece: Piece) -> None:
        """One piece; exchanges that end with it are kept."""
        conversation = self._conversations.get(piece.connection)
        if conversation is None:
            conversation = Conversation(self._origin, self._limit, self._room)
            self._conversations[piece.connection] = conversation
        for exchange in conversation.take(piece):
            self._keeper.add(exchange)
            status = exchange.response.status if exchange.response else exchange.ending
            shown = self._keeper.shown(exchange.request.url)
            _say(told=line(f"{status}  {exchange.request.method} {shown}  {exchange.detail}".strip()))
        for note in conversation.notes:
            _say(note=note)
        conversation.notes.clear()
        if piece.kind is Kind.CLOSED:
            del self._conversations[piece.connection]

    def end(self) -> None:
        """The tape has ended: what is under way was cut."""
        now = time.perf_counter()
        for number in list(self._conversations):
            self.take(Piece(Kind.CLOSED, number, now))


def main() -> None:
    """Record until the end of the input."""
    pipe = _Pipe()
    settings = json.loads(pipe.line())
    place = Place(
        **{**settings["place"], **{name: Path(settings["place"][name]) for name in ("golden", "suite", "apart")}}
    )
    keeper = Keeper(
        place, Scrubber(tuple(settings["secrets"]), tuple(settings["redact"])), lambda words: _say(note=words)
    )
    recorder = Recorder(settings, keeper)
    _say(ready=True)
    _run(recorder, keeper, pipe)
    _say(summary=asdict(keeper.close()))


class _Pipe:
    """The input: a line, then blocks of bytes. A thread reads, so that waiting for them can end."""

    def __init__(self) -> None:
        self._blocks: queue.Queue[bytes] = queue.Queue(16)
        self._rest = b""
        threading.Thread(target=self._read, name="pipe", daemon=True).start()

    def _read(self) -> None:
        while block := os.read(0, _READ):
            self._blocks.put(block)
        self._blocks.put(b"")

    def line(self) -> bytes:
        """The first line."""
        text = b""
        while b"\n" not in text:
            text += self._blocks.get()
        first, _, self._rest = text.partition(b"\n")
        return first

    def block(self, seconds: float | None) -> bytes | None:
        """The next bytes, b"" at the end; None where nothing came for so long."""
        if self._rest:
            rest, self._rest = self._rest, b""
            return rest
        try:
            return self._blocks.get(timeout=seconds)
        except queue.Empty:
            return None


def _run(recorder: Recorder, keeper: Keeper, pipe: _Pipe) -> None:
    unpacker, written = Unpacker(), time.monotonic()
    while (block := pipe.block(_TICK if keeper.dirty else None)) != b"":
        for piece in unpacker.feed(block or b""):
            recorder.take(piece)
        if block is None or time.monotonic() - written > _PATIENCE:
            keeper.write()
            written = time.monotonic()
    recorder.end()


def _say(**said: object) -> None:
    with contextlib.suppress(OSError):  # nobody is there to be told: what was complete is written all the same
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
