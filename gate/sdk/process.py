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
_HELLO = -1  # where jobs have numbers from 0
_Answer = queue.SimpleQueue[Mapping[str, Any] | None]
_ERROR = re.compile(r"[\w.]*(?:Error|Exception)\b")


class Process:
    """A started driver. `hello` is what it says of itself: versions, and parameters that its methods know. Any thread
    may ask it, and several at a time where it takes so many jobs `at_once`.

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
        hello_of: _Answer = queue.SimpleQueue()
        self._asked = {_HELLO: hello_of}  # what is waited for
        self._jobs = 0  # so far; each has the next number
        self._lock = threading.Lock()
        self._ended = self._closed = False
        self._tail = bytearray()
        self.warming, self.warm = threading.Lock(), False
        threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True).start()
        threading.Thread(target=self._drain, args=(self._process.stderr,), daemon=True).start()
        said = _taken(hello_of, START)
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

    @property
    def at_once(self) -> int:
        """How many jobs it takes at a time; one for a team's own, whose other connections belong to one call."""
        said = self.hello.get("at_once")
        return max(said, 1) if isinstance(said, int) and not self._elsewhere else 1

    def perform(self, job: Mapping[str, Any], patience: float) -> Mapping[str, Any] | None:
        """What the driver says of a job; None where it ended, wrote nonsense, or kept silent for `patience` seconds."""
        answer: _Answer = queue.SimpleQueue()
        with self._lock:
            if self._ended or not self._sent(job, answer, patience):
                return None
        said = _taken(answer, patience)
        return self._checked(said) if said and self._elsewhere else said

    def _sent(self, job: Mapping[str, Any], answer: _Answer, patience: float) -> bool:
        """Whether the driver has read a job, whose answer is then put where it is waited for."""
        assert self._process.stdin
        number, self._jobs = self._jobs, self._jobs + 1
        self._asked[number] = answer
        # a pipe holds 64 KiB: one that hangs would be waited for without end
        unread = threading.Timer(patience, end, (self._process,))
        unread.start()
        try:
            self._process.stdin.write(json.dumps({"id": number, **job}).encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError):  # it ended, or another call has closed it
            return False
        finally:
            unread.cancel()
        return True

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
        if self._closed:
            return
        self._closed = True
        end(self._process)
        self._close_elsewhere()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError, ValueError):
                if pipe:
                    pipe.close()

    def _close_elsewhere(self) -> None:
        if self._elsewhere:
            self._elsewhere.close()

    def _read(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._asked.pop(_HELLO).put(_document(pipe.readline(MAX_LINE)))
            while line := pipe.readline(MAX_LINE):
                said = _document(line)
                number = said.get("id")
                if not (isinstance(number, int) and 0 <= number < self._jobs):
                    self._silent()  # nobody knows whose answer it is
                elif answer := self._asked.pop(number, None):
                    answer.put(said)
        self._ended = True
        self._silent()

    def _silent(self) -> None:
        """No answer to all that wait for one."""
        with self._lock:
            for answer in self._asked.values():
                answer.put(None)
            self._asked.clear()

    def _drain(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while part := pipe.read1(65536):  # type: ignore[attr-defined]
                self._tail += part
                del self._tail[:-_TAIL]


def _taken(answer: _Answer, patience: float) -> Mapping[str, Any] | None:
    with contextlib.suppress(queue.Empty):
        return answer.get(timeout=patience)
    return None


def _document(line: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process that has a group of its own, with everything that it started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
