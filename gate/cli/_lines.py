"""Lines on standard error from a thread: where nobody reads them, a server goes on."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Self

import click

_WAITING = 10_000  # lines that wait to be written; more are lost


class Lines:
    """Writes until the end of the block. A line may be a function, which the thread then calls."""

    def __init__(self) -> None:
        self._queue: queue.Queue[str | Callable[[], str] | None] = queue.Queue(_WAITING)
        self._thread = threading.Thread(target=self._write, name="lines", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(queue.Full):
            self._queue.put_nowait(None)
            self._thread.join(timeout=1.0)

    def note(self, words: str) -> None:
        """Something that a person should know."""
        self.put(f"note: {words}")

    def put(self, line: str | Callable[[], str]) -> None:
        """One line; returns at once."""
        with contextlib.suppress(queue.Full):
            self._queue.put_nowait(line)

    def _write(self) -> None:
        while (line := self._queue.get()) is not None:
            click.echo(line if isinstance(line, str) else line(), err=True)
