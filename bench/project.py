"""A folder with gate.yaml that points at the bench server, and `gate` run in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_CONFIG = """\
version: 1
suite: {suite}
routes:
  baseline:
    base_url: {base_url}
    api_key_env: BENCH_KEY
    models: {{chat: {model}, embedding: bench, long: {long}}}
    max_concurrency: {at_once}
  candidate:
    base_url: {base_url}
    api_key_env: BENCH_KEY
    models: {{chat: {model}, embedding: bench, long: {long}}}
    max_concurrency: {at_once}
samples: {{record: 1, check: 1, confirm: {confirm}}}
"""


def make(
    folder: Path,
    base_url: str,
    *,
    suite: Sequence[str] = ("standard",),
    model: str = "bench",
    long: str = "bench",
    confirm: int = 2,
    at_once: int = 8,
) -> Path:
    """Write gate.yaml there; returns the folder. `long` is the model of the role of that name."""
    folder.mkdir(parents=True, exist_ok=True)
    names = f"[{', '.join(suite)}]"
    text = _CONFIG.format(base_url=base_url, suite=names, model=model, long=long, confirm=confirm, at_once=at_once)
    (folder / "gate.yaml").write_text(text, "utf-8")
    return folder


def gate(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`gate ARGUMENTS` in that folder; it must succeed."""
    command = [sys.executable, "-m", "gate", *arguments]
    done = subprocess.run(command, cwd=folder, env=environ(), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"gate {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def environ() -> dict[str, str]:
    return {**os.environ, "BENCH_KEY": "bench-key-0001", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
