"""The base branch's report, which a workflow may bring along (`base`).

The engine refuses what is no report. Here a file that a cache may have lost, or kept from an older engine, is told and
left out: a gate that fails for want of its memory would never write the next one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gate.action.engine import Done, Engine
from gate.action.outcome import Outcome

_VERSION = 1  # of the report, as `gate.reports.json` has it
_MAX = 64 * 1024 * 1024  # characters, as the engine has it
_REPLACED = "the next run of the base branch replaces it"


def arguments(path: str) -> list[str]:
    """The option of the engine; nothing where there is no base, or none that it could read."""
    return ["--base", path] if path and not _wrong(path) else []


def judged(started: Engine, command: Sequence[str], path: str, report: Path) -> tuple[Done, str]:
    """A command that judges, and why the engine refused its base: such as one on another kind of change, or one that
    its schema refuses. Then it runs once more without: it ended before anything was sent or written."""
    done = started.gate(*command, *arguments(path))
    refused = [text for text in done.errors if text.startswith("--base ")]
    if done.code != 2 or report.is_file() or not refused:
        return done, ""
    return started.gate(*command), refused[0].partition("\n")[0]


def noted(outcome: Outcome, path: str, refused: str = "") -> Outcome:
    """The outcome, with a sentence on a base that was left out."""
    wrong = f"{refused}; {_REPLACED}" if refused else _wrong(path) if path else ""
    level = "warning" if Path(path).is_file() else "notice"
    return outcome.noted(level, f"nothing is compared with the base: {wrong}") if wrong else outcome


def _wrong(path: str) -> str:
    if not Path(path).is_file():
        return f"there is no file {path} yet; the next run of the base branch leaves one"
    if _version(Path(path)) != _VERSION:
        return f"{path} is no report of this engine; {_REPLACED}"
    return ""


def _version(path: Path) -> Any:
    try:
        document = json.loads(path.read_bytes()) if path.stat().st_size <= _MAX else None
    except (OSError, ValueError, RecursionError):
        return None
    return document.get("schema_version") if isinstance(document, dict) else None
