"""`kill -9` and Ctrl-C at any moment of a recording leave goldens that `gate verify` finds whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.kills import ended, in_the_write
from gate.replay.server import serve
from gate.store.cassette import scan
from tests.provider import Provider
from tests.test_check import CONFIG
from tests.test_cli import gate
from tests.test_journal import leftovers

ENVIRONMENT = {**os.environ, "GATE_TEST_KEY": "sk-test-key-0001"}


def recording(folder: Path, base: str) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "gate", "record", "--mode", "all"]
    env = {**ENVIRONMENT, "BASE": base}
    return subprocess.Popen(argv, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def whole(folder: Path, base: str) -> bool:
    """Nothing is missing, stale or left over."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("BASE", base)
        result = gate("verify")
    hidden = [path.name for path in (folder / "golden").rglob(".*")]
    return (result.exit_code, hidden) == (0, []) or pytest.fail(f"{result.output} {hidden}")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.slow
def test_a_killed_recording_leaves_whole_goldens(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text(CONFIG)
    with serve(Provider(seed=1, gap_ms=1)) as base:
        recording(tmp_path, base).communicate()
        assert whole(tmp_path, base)
        names = {*scan(tmp_path / "golden")}
        for number, kind in enumerate([signal.SIGKILL] * 12 + [signal.SIGINT] * 6 + [signal.SIGTERM] * 2):
            process = recording(tmp_path, base)
            in_the_write(process, tmp_path / "golden", number / 400)
            ended(process, kind)
            # Python tidies up after SIGINT; SIGTERM ends it while the new texts are staged, as SIGKILL does
            assert kind is not signal.SIGINT or leftovers(tmp_path / "golden") in ([], [".gate-lock"])
            assert whole(tmp_path, base)
            assert {*scan(tmp_path / "golden")} == names
        for delay in (0.05, 0.35, 0.65, 0.95):
            process = recording(tmp_path, base)
            time.sleep(delay)
            ended(process, signal.SIGKILL)
            assert whole(tmp_path, base)


@pytest.mark.slow
def test_two_recordings_at_once_exclude_each_other(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text(CONFIG)
    with serve(Provider(seed=1, gap_ms=1)) as base:
        for _ in range(3):
            processes = [recording(tmp_path, base) for _ in range(3)]
            said = {process.pid: process.communicate()[0].decode() for process in processes}
            codes = sorted(process.returncode for process in processes)
            assert codes[0] == 0
            assert set(codes) <= {0, 2}
            refused = [said[process.pid] for process in processes if process.returncode == 2]
            assert all("is writing here" in text and "Traceback" not in text for text in refused)
            assert whole(tmp_path, base)
