"""`kill -9` at any moment of a recording leaves goldens that load."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gate.replay.server import serve
from gate.store import cassette
from tests.provider import Provider
from tests.test_check import CONFIG

ENVIRONMENT = {**os.environ, "GATE_TEST_KEY": "sk-test-key-0001"}


def recording(folder: Path, base: str) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "gate", "record", "--mode", "all"]
    env = {**ENVIRONMENT, "BASE": base}
    return subprocess.Popen(argv, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stored(folder: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in cassette.scan(folder / "golden").items()}


def killed_while_writing(folder: Path, base: str, before: dict[str, bytes]) -> None:
    """Kill the process as soon as the first golden was replaced: the narrowest moment there is."""
    process = recording(folder, base)
    while process.poll() is None and stored(folder) == before:
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.slow
def test_a_killed_recording_leaves_loadable_goldens(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text(CONFIG)
    with serve(Provider(seed=1, gap_ms=1)) as base:
        assert recording(tmp_path, base).wait() == 0
        whole = stored(tmp_path)
        for _ in range(4):
            killed_while_writing(tmp_path, base, stored(tmp_path))
            assert {*stored(tmp_path)} == {*whole}
            for path in cassette.scan(tmp_path / "golden").values():
                assert cassette.load(path).exchanges
        for delay in (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95):
            process = recording(tmp_path, base)
            time.sleep(delay)
            process.kill()
            process.wait()
            assert {*stored(tmp_path)} == {*whole}
            for path in cassette.scan(tmp_path / "golden").values():
                assert cassette.load(path).exchanges
    leftover = [path for path in tmp_path.rglob("*") if path.suffix == ".tmp" and not path.name.startswith(".")]
    assert leftover == []
