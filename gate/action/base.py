"""The base branch's report, which a workflow may bring along (`base`).

The engine refuses what is no report. Here a file that a cache may have lost, or kept from an older engine, is told and
left out: a gate that fails for want of its memory would never write the next one.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gate.action.outcome import Outcome

_VERSION = 1  # of the report, as `gate.reports.json` has it
_MAX = 64 * 1024 * 1024  # characters, as the engine has it


def arguments(path: str) -> list[str]:
    """The option of the engine; nothing where there is no base, or none that it could read."""
    return ["--base", path] if path and not _wrong(path) else []


def noted(outcome: Outcome, path: str) -> Outcome:
    """The outcome, with a sentence on a base that was left out."""
    wrong = _wrong(path) if path else ""
    level = "warning" if Path(path).is_file() else "notice"
    return outcome.noted(level, f"nothing is compared with the base: {wrong}") if wrong else outcome


def _wrong(path: str) -> str:
    if not Path(path).is_file():
        return f"there is no file {path} yet; the next run of the base branch leaves one"
    if _version(Path(path)) != _VERSION:
        return f"{path} is no report of this engine; the next run of the base branch replaces it"
    return ""


def _version(path: Path) -> Any:
    try:
        document = json.loads(path.read_bytes()) if path.stat().st_size <= _MAX else None
    except (OSError, ValueError, RecursionError):
        return None
    return document.get("schema_version") if isinstance(document, dict) else None
