"""A driver as a process: jobs in, lines out, and an end to it whatever it does."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import signal
import subprocess
import threading
from collections.abc import Mapping
from typing import IO, Any, Self

from gate.sdk.elsewhere import Elsewhere
from gate.sdk.environments import Driver, UnusableError, variables
from gate.sdk.protocol import breach

# chosen: importing an SDK takes a second on an idle machine; frameworks on a busy one take a minute.
START = 120.0
"""Seconds until a driver must have said hello."""

MAX_LINE = 4 * 1024 * 1024
"""Bytes of one line; a driver that writes more is ended."""

_TAIL = 16_000
_GONE = 1.0  # seconds; chosen: a process that has closed its output is gone in milliseconds
_ERROR = re.compile(r"[\w.]*(?:Error|Exception)\b")


class Process:
    """A started driver. `hello` is what it says of itself: versions, and parameters that its methods know.

    UnusableError where it does not come up: the SDK does not import, or wants another interpreter.
    """

    def __init__(self, driver: Driver) -> None:
        # our own drivers refuse other hosts themselves
        self._elsewhere = Elsewhere() if driver.own else None
        try:
            self._process = subprocess.Popen(  # noqa: S603 - made by `environments`, or a team's own
                driver.command,
                cwd=driver.folder,
                env=variables() | (dict(self._elsewhere.variables) if self._elsewhere else {}),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # so that what it started ends with it
            )
        except OSError as error:
            self._close_elsewhere()
            raise UnusableError(f"it can't be started: {driver.command[0]}: {error.strerror}") from None
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._tail = bytearray()
        threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True).start()
        threading.Thread(target=self._drain, args=(self._process.stderr,), daemon=True).start()
        said = self._next(START)
        hello = said.get("hello") if said else None
        if not isinstance(hello, dict) or said is None or said.get("protocol") != 1:
            self.close()
            raise UnusableError(f"it does not start: {self.last_words()}")
        if driver.own and (wrong := breach("hello", said)):
            self.close()
            raise UnusableError(wrong)
        self.hello: Mapping[str, Any] = hello

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def perform(self, job: Mapping[str, Any], patience: float) -> Mapping[str, Any] | None:
        """What the driver says of a job; None where it ended, wrote nonsense, or kept silent for `patience` seconds."""
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            return None
        said = self._next(patience)
        if not said or said.get("id") != job["id"]:
            return None
        return self._checked(said) if self._elsewhere else said

    def _checked(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a team's own driver says, with the hosts that it asked the proxy for."""
        assert self._elsewhere
        if wrong := breach("transcript", said):
            return {"outcome": "exited", "detail": wrong}
        return {**said, "outside": [*said.get("outside", []), *self._elsewhere.taken()]}

    def last_words(self) -> str:
        """What it wrote to standard error at its end, on one line."""
        lines = [line.strip() for line in bytes(self._tail).decode("utf-8", "replace").split("\n")]
        # the line that names the error, which Node prints before the stack and Python after it
        named = [line for line in lines if _ERROR.match(line)]
        return (named or [line for line in lines if line] or ["without a word"])[-1][:300]

    def end_words(self) -> str:
        """How it ended by itself, and its last words."""
        try:
            code = self._process.wait(_GONE)
        except subprocess.TimeoutExpired:  # it wrote what is no transcript, or nothing for too long
            return f"the process wrote no transcript: {self.last_words()}"
        how = f"by signal {-code}" if code < 0 else f"with status {code}"
        return f"the process ended {how}: {self.last_words()}"

    def close(self) -> None:
        """Ends it, with everything that it started."""
        end(self._process)
        self._close_elsewhere()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError, ValueError):
                if pipe:
                    pipe.close()

    def _close_elsewhere(self) -> None:
        if self._elsewhere:
            self._elsewhere.close()

    def _next(self, patience: float) -> Mapping[str, Any] | None:
        try:
            said = json.loads(self._lines.get(timeout=patience))
        except (queue.Empty, ValueError, RecursionError):
            return None
        return said if isinstance(said, dict) else None

    def _read(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := pipe.readline(MAX_LINE):
                self._lines.put(line)
        self._lines.put(b"")  # no JSON: it ended

    def _drain(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while part := pipe.read1(65536):  # type: ignore[attr-defined]
                self._tail += part
                del self._tail[:-_TAIL]


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that has a group of its own, with everything that it started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
