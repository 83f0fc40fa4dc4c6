"""A real nginx in front of a faithful provider: a stream that it holds back is named, and one that it passes on is not."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.replay.server import serve
from tests.provider import Provider
from tests.real.gateways import GATEWAYS
from tests.real.hermetic import check, gate
from tests.real.servers import UnavailableError, free_port

pytestmark = [pytest.mark.slow, pytest.mark.alone]

# Streams of 60 and 30 numbers. Shorter ones may be told as well: their tokens fill a buffer of 4 kB, or do not.
HELD = {"count-stream", "gzip-stream"}
CONFIG = """\
version: 1
suite: [{suite}]
samples: {{record: 2, check: 1, confirm: 2}}
routes:
  baseline: {{base_url: "{base}", api_key_env: GATE_TEST_KEY, models: &models {{chat: gpt-4o-mini, embedding: text-embedding-3-small}}}}
  candidate: {{base_url: "{through}", api_key_env: GATE_TEST_KEY, models: *models}}
"""


@pytest.mark.parametrize(
    ("name", "gap", "suite", "held"),
    [
        ("nginx", 20, "standard", HELD),
        ("nginx-unbuffered", 20, "standard", set()),
        ("nginx", 60, "count-stream, gzip-stream", HELD),
    ],
)
def test_a_held_stream(
    name: str, gap: int, suite: str, held: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATE_TEST_KEY", "sk-good-0001")
    with serve(Provider(gap_ms=gap)) as base, _nginx(name, base, tmp_path) as through:
        (tmp_path / "gate.yaml").write_text(CONFIG.format(suite=suite, base=base, through=through), "utf-8")
        assert gate(tmp_path, "record").returncode == 0
        found = check(tmp_path, "candidate")["findings"]
    told = {f["scenario"] for f in found if f["rule"] in ("stream-clumped", "stream-buffered")}
    assert held <= told if held else not told
    assert [f for f in found if f["area"] != "latency"] == []


@contextlib.contextmanager
def _nginx(name: str, base: str, folder: Path) -> Iterator[str]:
    try:
        command = GATEWAYS[name].install().command
    except UnavailableError as reason:
        pytest.skip(str(reason))
    for file, text in GATEWAYS[name].files.items():
        (folder / file).write_text(text, "utf-8")
    port = free_port()
    environ = {**os.environ, "GATE_UPSTREAM": base, "GATE_PORT": str(port)}
    process = subprocess.Popen(command, cwd=folder, env=environ)
    try:
        _wait_until_open(port)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_open(port: int) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError("nginx does not listen")
