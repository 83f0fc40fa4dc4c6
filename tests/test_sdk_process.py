"""A driver's process that many threads ask: whose answer a line is, and an end to one that hangs."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gate.sdk.environments import Driver
from gate.sdk.process import Process
from gate.sdk.scripts import DRIVERS

HELLO = """
import json, sys, time
def say(**document):
    sys.stdout.write(json.dumps(document) + chr(10)); sys.stdout.flush()
say(protocol=1, hello={"driver": "planted", "at_once": 8})
read = lambda: json.loads(sys.stdin.readline())
"""


@contextmanager
def started(folder: Path, script: str) -> Iterator[Process]:
    with Process(Driver((sys.executable, "-ISc", HELLO + script), folder)) as process:
        yield process


def asked(process: Process, jobs: int, **options: Any) -> list[Mapping[str, Any] | None]:
    """What all of them get that are asked at once."""
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda number: process.perform({"job": number, **options}, 5), range(jobs)))


def test_each_call_gets_its_own_answer(tmp_path: Path) -> None:
    script = "jobs = [read() for _ in range(8)]\nfor job in reversed(jobs): say(id=job['id'], job=job['job'])\nread()"
    with started(tmp_path, script) as process:
        assert process.at_once == 8
        assert [said and said["job"] for said in asked(process, 8)] == [*range(8)]


@pytest.mark.parametrize(
    "line",
    [
        "say(outcome='returned')",
        "say(id=99)",
        "say(id=-1)",
        "say(id='0')",
        "print('no JSON', flush=True)",
        "sys.exit()",
    ],
)
def test_what_nobody_knows_is_no_answer_to_any(tmp_path: Path, line: str) -> None:
    with started(tmp_path, f"jobs = [read() for _ in range(4)]\n{line}\nread()") as process:
        assert asked(process, 4) == [None] * 4


def test_an_answer_that_comes_too_late_is_nobody_elses(tmp_path: Path) -> None:
    script = "late, next = read(), read()\nsay(id=late['id'])\nsay(id=late['id'])\nsay(id=next['id'], job=1)\nread()"
    with started(tmp_path, script) as process:
        assert process.perform({}, 0.05) is None
        assert process.perform({}, 5) == {"id": 1, "job": 1}


def test_a_driver_that_reads_nothing_is_ended(tmp_path: Path) -> None:
    """A job of more than 64 KiB fills the pipe."""
    began = time.monotonic()
    with started(tmp_path, "time.sleep(60)") as process:
        assert process.perform({"body": "x" * 1_000_000}, 0.2) is None
        assert process.perform({}, 5) is None
    assert time.monotonic() - began < 30


THREADED = f"""
import sys, threading
sys.path.insert(0, {str(DRIVERS / "python")!r})
import _protocol
together = threading.Barrier(2)
def stops():
    raise KeyError
def perform(job, seen):
    together.wait(5)
    if not job["job"]:
        thread = threading.Thread(target=lambda: (inner.start(), inner.join()))
        inner = threading.Thread(target=stops)
        thread.start(); thread.join()
    together.wait(5)
_protocol.serve({{"driver": "planted"}}, perform, at_once=2)
"""


def test_what_ends_a_thread_belongs_to_the_call_that_started_it(tmp_path: Path) -> None:
    with Process(Driver((sys.executable, "-ISc", THREADED), tmp_path)) as process:
        found = asked(process, 2, base_url="http://127.0.0.1:1/v1", timeout=8)
    assert [said and (said["outcome"], said["unhandled"]) for said in found] == [
        ("returned", ["KeyError"]),
        ("returned", []),
    ]


def test_a_flood_is_no_answer(tmp_path: Path) -> None:
    with started(tmp_path, "read()\nwhile True: sys.stdout.write('x' * 65536)") as process:
        assert process.perform({}, 20) is None
