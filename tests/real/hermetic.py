"""A hermetic check of real gateways in a folder of its own: our goldens upstream, gate.yaml, and the command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from gate.store.shipped import goldens
from tests.real.gateways import Gateway

_SUITE = Path(__file__).parent / "suite"
_SECONDS = 600


def project(folder: Path, gateways: Mapping[str, Gateway], scenarios: Sequence[str]) -> dict[str, str]:
    """Writes gate.yaml with a route for each gateway, and the goldens of the scenarios; the versions that were installed,
    by route. Raises UnavailableError."""
    routes: dict[str, Any] = {}
    versions = {}
    for name, gateway in gateways.items():
        found = gateway.install()
        versions[name] = found.version
        routes[name] = {"base_url": "http://127.0.0.1:{port}/v1", "upstream": "golden/", "start": list(found.command)}
        routes[name] |= {"ready": gateway.ready} if gateway.ready else {}
        routes[name] |= {"headers": dict(gateway.headers)} if gateway.headers else {}
        for file, text in gateway.files.items():
            (folder / file).write_text(text, "utf-8")
    for scenario in scenarios:
        (folder / "golden" / scenario).mkdir(parents=True, exist_ok=True)
        text = (goldens() / scenario / "cassette.yaml").read_text("utf-8")
        # our engine asks proxies not to buffer; OpenAI does not
        text = text.replace('      X-Accel-Buffering: ["no"]\n', "")
        (folder / "golden" / scenario / "cassette.yaml").write_text(text, "utf-8")
    shutil.copytree(_SUITE, folder / "suite", dirs_exist_ok=True)
    suite = [f"suite/{name}.yaml" if (_SUITE / f"{name}.yaml").exists() else name for name in scenarios]
    config = {"version": 1, "suite": suite, "routes": routes}
    (folder / "gate.yaml").write_text(yaml.safe_dump(config), "utf-8")
    return versions


def check(folder: Path, route: str, *options: str) -> dict[str, Any]:
    """The JSON report of `gate check --route`. AssertionError where it ended with neither pass nor drift."""
    reports = ["--report", "json:report.json", "--report", "terminal"]
    done = gate(folder, "check", "--route", route, *options, *reports)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    report: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    return report


def diff(folder: Path, golden: str, candidate: str) -> dict[str, Any]:
    """The JSON report of `gate diff` on what a check has kept."""
    report: dict[str, Any] = json.loads(gate(folder, "diff", golden, candidate, "--report", "json").stdout)
    return report


def gate(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line in that folder; its output is also shown where a test fails."""
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "gate", *arguments]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=_SECONDS)
    print(done.stdout, done.stderr)
    return done
