"""Recordings that end while they replace the goldens: by kill -9, and by Ctrl-C.

Each recording is ended at another moment of its write; `gate verify` must then find every golden whole, and no hidden
file may stay.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench import project, server
from bench.figures import Figure

KILLS, INTERRUPTS = 200, 50
_WINDOW = 0.06  # seconds from the first staged file to the last that is moved, and a little more


def figures(folder: Path) -> Iterator[Figure]:
    """How many recordings were ended in their write, and what `gate verify` said afterwards."""
    place = folder / "kills"
    with server.running() as base_url:
        project.make(place, base_url, suite=["minimal"], confirm=0)
        _run(place, "record")
        for kind, count in ((signal.SIGKILL, KILLS), (signal.SIGINT, INTERRUPTS)):
            outcomes = Counter(_outcome(place, kind, random.Random(number)) for number in range(count))
            words = " · ".join(f"{name}: {times}" for name, times in sorted(outcomes.items()))
            fine = all(name.endswith("verify 0, nothing left") for name in outcomes)
            yield Figure(f"{count} × {kind.name} while `gate record` writes", words, "verify 0 each time", fine)


def _outcome(place: Path, kind: signal.Signals, rng: random.Random) -> str:
    golden = place / "golden"
    process = subprocess.Popen(
        [sys.executable, "-m", "gate", "record", "--mode", "all"],
        cwd=place,
        env=project.environ(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    in_the_write(process, golden, rng.uniform(0, _WINDOW))
    moment = _moment(golden)
    ended(process, kind)
    code = _run(place, "verify").returncode
    left = list(golden.rglob(".*"))
    return f"{moment}, verify {code}, {f'{len(left)} left' if left else 'nothing left'}"


def in_the_write(process: subprocess.Popen[bytes], golden: Path, seconds: float) -> None:
    """Wait until the process stages its first file, and that many seconds more."""
    while process.poll() is None and not any(golden.glob(".gate-write*")):
        time.sleep(0.0002)
    time.sleep(seconds)


def ended(process: subprocess.Popen[bytes], kind: signal.Signals) -> None:
    """Send the signal and wait for the end."""
    process.send_signal(kind)
    process.communicate()


def _moment(golden: Path) -> str:
    if (golden / ".gate-write").is_dir():
        return "moving"
    return "staging" if any(golden.glob(".gate-write*")) else "after"


def _run(place: Path, command: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "gate", command]
    return subprocess.run(arguments, cwd=place, env=project.environ(), capture_output=True, text=True, check=False)
