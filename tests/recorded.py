"""A team's folder with goldens of the embedded provider, and a check of another one against them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gate.replay.server import serve
from gate.replay.service import Responder
from tests.provider import Provider
from tests.test_cli import gate

KEY = "sk-test-key-0001"


def record(folder: Path, config: str, *arguments: str, provider: Responder | None = None) -> Path:
    """Writes gate.yaml into the folder and records its goldens; the routes' base_url is `${BASE}`."""
    (folder / "gate.yaml").write_text(config)
    with pytest.MonkeyPatch.context() as patch, serve(provider or Provider(seed=1)) as base:
        patch.chdir(folder)
        patch.setenv("GATE_TEST_KEY", KEY)
        patch.setenv("BASE", base)
        result = gate("record", *arguments)
        assert result.exit_code == 0, result.output
    return folder


def inside(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """The folder as the working directory of a test, with the key in the environment."""
    patch.chdir(folder)
    patch.setenv("GATE_TEST_KEY", KEY)
    return folder


def check(provider: Responder, *arguments: str, fault: str = "ok") -> tuple[int, dict[str, Any]]:
    """`gate check` of an embedded route; the exit code and the JSON report."""
    with pytest.MonkeyPatch.context() as patch, serve(provider) as base:
        patch.setenv("BASE", base if fault == "ok" else f"{base}/!{fault}")
        result = gate("check", "--report", "json", *arguments)
    assert result.output.startswith("{"), result.output
    report: dict[str, Any] = json.loads(result.output)
    return result.exit_code, report
