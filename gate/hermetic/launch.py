"""A gateway's process: started with a port and an upstream of its own, waited for, and ended with all its children."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import httpx

from gate.errors import ConfigError, RouteError
from gate.hermetic import guard
from gate.redact.kinds import DUMMY_KEY
from gate.redact.scrub import Scrubber
from gate.text.safe import line

START_SECONDS = 120.0
"""So long may a gateway take until it is ready: LiteLLM takes 20 s on one busy core."""

_LINES = 15  # chosen: a Python traceback's end, or a usage text
_LINE = 400  # characters
_TAIL = 64 * 1024  # bytes that are kept of the output
_POLL = 0.05  # seconds
_PLACES = re.compile(r"\{(port|upstream)\}")


def filled(text: str, port: int | None, upstream: str) -> str:
    """The text with `{port}` and `{upstream}` filled in; every other brace stays, as JSON in an argument has some."""
    values = {"port": "{port}" if port is None else str(port), "upstream": upstream}
    return _PLACES.sub(lambda match: values[match[1]], text)


def environment(environ: Mapping[str, str], hidden: Collection[str], port: int, upstream: str) -> dict[str, str]:
    """What a started command sees: everything but the variables `hidden`, which may hold keys."""
    seen = {name: value for name, value in environ.items() if name not in hidden}
    return {**seen, "GATE_PORT": str(port), "GATE_UPSTREAM": upstream, "GATE_KEY": DUMMY_KEY}


def free_port() -> int:
    """A port on which nothing listens at the moment."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


class _Output:
    """The end of what a process printed, read all the time so that it never waits for a reader."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._tail = stream, b""
        self._thread = threading.Thread(target=self._read, name="gateway", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while data := self._stream.read(_TAIL):
                self._tail = (self._tail + data)[-_TAIL:]

    def last(self, scrubber: Scrubber) -> str:
        """The last lines for a person, without secrets and control characters."""
        self._thread.join(timeout=1.0)
        texts = [text.strip() for text in self._tail.decode("utf-8", "replace").split("\n")]
        shown = [text for text in texts if text][-_LINES:]
        return "\n".join(f"  | {line(scrubber.text(text[:4000]), _LINE)}" for text in shown)

    def close(self) -> None:
        """Ends with the process, also where a child that it left behind holds its output open."""
        self._thread.join(timeout=1.0)
        self._stream.close()


@contextlib.contextmanager
def started(
    command: Sequence[str], environ: Mapping[str, str], ready: str, root: Path, name: str, scrubber: Scrubber
) -> Iterator[None]:
    """Runs a gateway for the time of the block. `ready` is a URL: with a path that is asked until it answers well,
    else its port is enough. ConfigError where there is no such command, RouteError where it does not come up.
    """
    where = f"routes.{name}.start"
    found = shutil.which(_beside(command[0], root), path=environ.get("PATH"))
    if found is None:
        fix = "install it, or write the path of the program"
        raise ConfigError(f"there is no command {line(command[0], 80)}", where=where, fix=fix)
    arguments = [sys.executable, "-I", "-S", guard.__file__, found, *command[1:]]
    process = subprocess.Popen(  # noqa: S603 (no shell; the command is the team's own)
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=dict(environ), cwd=root, start_new_session=True, bufsize=0,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    output = _Output(process.stdout)
    try:
        _wait(process, ready, where, output, scrubber)
        yield
    finally:
        with contextlib.suppress(OSError):
            process.stdin.close()  # the guard ends the gateway
        _gone(process)
        output.close()


def _beside(program: str, root: Path) -> str:
    """A path with a slash is meant from the folder of gate.yaml, as all paths there."""
    return str(root / program) if os.sep in program else program


def _gone(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=guard.GRACE_SECONDS + 5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], ready: str, where: str, output: _Output, scrubber: Scrubber) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_up(ready):
        if process.poll() is not None:
            raise _failed(f"the gateway ended with exit status {process.returncode}", where, output, scrubber)
        if time.monotonic() > deadline:
            raise _failed(f"the gateway was not ready after {START_SECONDS:.0f} s", where, output, scrubber)
        time.sleep(_POLL)


def _failed(what: str, where: str, output: _Output, scrubber: Scrubber) -> RouteError:
    said = output.last(scrubber)
    fix = f"these are its last lines:\n{said}" if said else "it printed nothing; start it by hand to see why"
    return RouteError(what, where=where, fix=fix)


def wait_until_up(ready: str, seconds: float, where: str) -> None:
    """Waits for a gateway that somebody else starts. RouteError where it does not come up."""
    deadline = time.monotonic() + seconds
    while not is_up(ready):
        if time.monotonic() > deadline:
            fix = "start it with its upstream set to where gate listens (--listen)"
            raise RouteError(f"no gateway answers at {line(ready, 200)} after {seconds:.0f} s", where=where, fix=fix)
        time.sleep(_POLL)


def is_up(url: str) -> bool:
    """Whether something answers there: with a path a status below 400, without one an open port."""
    parts = urlsplit(url)
    if parts.path:
        try:
            # No proxy of the environment: a gateway on loopback is asked itself.
            return httpx.get(url, timeout=5.0, trust_env=False).status_code < 400
        except httpx.HTTPError:
            return False
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with socket.create_connection((parts.hostname or "", port), timeout=2.0):
            return True
    except OSError:
        return False
