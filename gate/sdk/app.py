"""A team's own client as a process in front of the replay server: one run, and what became of it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO

from gate.errors import ConfigError
from gate.model import APP, Exchange, Raised, Request, Transcript
from gate.observe.results import has_results
from gate.redact.kinds import DUMMY_KEY
from gate.redact.scrub import Scrubber
from gate.replay.scripts import Rule, script_of
from gate.replay.service import UNMATCHED, Answer, Service
from gate.replay.serving import Server, serving
from gate.sdk.elsewhere import Elsewhere
from gate.sdk.process import end
from gate.sdk.transcripts import Received, posts_of
from gate.text.safe import line

BASE_URL = ("OPENAI_BASE_URL", "OPENAI_API_BASE", "GATE_BASE_URL")
"""Variables in which a run finds the server."""

_MOST = 64 * 1024  # bytes of its output that are kept and compared
_LINES = 200
# How runtimes say that nobody caught an exception: Python, Node, the JVM, Go, Ruby.
_CRASH = re.compile(r"Traceback \(most recent call last\)|^\s+at .+:\d+:\d+\)?$|Exception in thread|^panic: ", re.M)
_NAMED = re.compile(r"^(?:\w+[.:])*\w*(?:Error|Exception|Interrupt|Exit)\b.*")


@dataclass(frozen=True, slots=True)
class App:
    """A command, and how long it may take."""

    command: tuple[str, ...]
    timeout: float
    hidden: frozenset[str] = frozenset()  # variables that it must not see: those of keys

    def run(self, goldens: Mapping[str, Sequence[Exchange]], fault: str = "", *, after_tool: bool = False) -> Run:
        """One run over the goldens, with that fault wherever it fits, or only where the result of a tool is answered.
        ConfigError where it can't be started."""
        faulty = Service(goldens, speed=0, rules=[Rule(script_of(fault))] if fault else [])
        service = _Watched(Service(goldens, speed=0), faulty, after_tool)
        with contextlib.closing(Elsewhere()) as outside, serving(Server(service)) as base_url:
            transcript = self._started(base_url, outside.variables)
            seen = replace(transcript, posts=posts_of(service.seen), outside=outside.taken())
        return Run(seen, tuple(service.answers))

    def _started(self, base_url: str, proxies: Mapping[str, str]) -> Transcript:
        given = {name: value for name, value in os.environ.items() if name not in self.hidden}
        environ = {**given, **proxies, **dict.fromkeys(BASE_URL, base_url), "OPENAI_API_KEY": DUMMY_KEY}
        program = shutil.which(self.command[0])
        if program is None:
            fix = "name a program and its arguments; it is run without a shell"
            raise ConfigError(f"there is no command {line(self.command[0], 80)}", where="--app", fix=fix)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = subprocess.Popen(  # noqa: S603 - the team's own command, without a shell
                (program, *self.command[1:]), env=environ, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                start_new_session=True,  # so that what it started ends with it
            )  # fmt: skip
            code = _waited(process, self.timeout)
            return _told(code, _read(out), _read(err))


@dataclass(frozen=True, slots=True)
class Run:
    """What became of a run, and what it was answered: the recordings by scenario and step."""

    transcript: Transcript
    answers: tuple[Answer, ...]

    @property
    def missed(self) -> str:
        """Why a request had no recording; "" where all had one."""
        return next((answer.unmatched for answer in self.answers if answer.scenario in ("", UNMATCHED)), "")


def brings_results(request: Request) -> bool:
    """Whether it ends in the result of a tool."""
    try:
        return has_results(json.loads(request.body or b"null"))
    except (ValueError, RecursionError):
        return False


class _Watched:
    """Answers as the service does, and keeps what came, when, and what it got."""

    def __init__(self, plain: Service, faulty: Service, after_tool: bool) -> None:
        self._plain, self._faulty, self._after_tool = plain, faulty, after_tool
        self.seen: list[Received] = []
        self.answers: list[Answer] = []

    def respond(self, request: Request) -> Answer:
        """The service's answer."""
        spared = self._after_tool and not brings_results(request)
        answer = (self._plain if spared else self._faulty).respond(request)
        self.seen.append(Received(time.monotonic(), request))
        said = b"".join(part.data for part in answer.reply.parts).decode("utf-8", "replace")
        unmatched = answer.scenario in ("", UNMATCHED)
        self.answers.append(replace(answer, unmatched=said[:600]) if unmatched else answer)
        return answer


def _waited(process: subprocess.Popen[bytes], timeout: float) -> int | None:
    """The exit code; None where it had to be ended."""
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        return None
    finally:
        end(process)  # and what it left behind


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return Scrubber().text(file.read(_MOST).decode("utf-8", "replace"))


def _told(code: int | None, out: str, err: str) -> Transcript:
    values = {"output": out.splitlines()[:_LINES]}
    if code is None:
        return Transcript(APP, "waiting", values)
    if code == 0:
        return Transcript(APP, "returned", values)
    said = _last(err)
    if code < 0 or _CRASH.search(err):
        how = f"signal {-code}" if code < 0 else f"exit status {code}"
        return Transcript(APP, "exited", values, detail=f"{how}: {said}"[:300])
    return Transcript(APP, "raised", values, error=Raised((f"exit status {code}",), said))


def _last(err: str) -> str:
    """The line that names the error, else the last one."""
    lines = [text.strip() for text in err.splitlines() if text.strip()]
    named = [text for text in lines if _NAMED.match(text)]
    return line((named or lines or ["without a word"])[-1], 240)
