"""`not-served.yaml`: scenarios without a golden or without a verdict, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import yaml

from gate.errors import CassetteError
from gate.model import Json, Status

NOT_SERVED = "not-served.yaml"


def not_served_file(absent: Mapping[str, tuple[Status, str]]) -> dict[str, str]:
    """`not-served.yaml`, where there is anything to list: scenario → why, or [incomplete, why] as a check leaves it."""
    said = {name: why if status == "skipped" else [status, why] for name, (status, why) in absent.items()}
    lines = [f"{json.dumps(name)}: {json.dumps(why)}\n" for name, why in sorted(said.items())]
    return {NOT_SERVED: "".join(lines)} if lines else {}


def state_of(stored: Json) -> tuple[Status, str] | None:
    """What running a scenario gave, where its exchanges do not say it (`gate check` writes it)."""
    match stored:
        case ["skipped" | "incomplete" as status, str(why)]:
            return status, why
    return None


def not_served(folder: Path) -> dict[str, tuple[Status, str]]:
    """Scenario → status and reason, from a folder's `not-served.yaml`."""
    path = folder / NOT_SERVED
    if not path.is_file():
        return {}
    try:
        found = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise CassetteError("can't be read as YAML", where=str(path), fix="record again") from error
    if not isinstance(found, dict):
        raise CassetteError("must map a scenario to a reason", where=str(path), fix="record again")
    return {str(name): state_of(why) or ("skipped", str(why)) for name, why in found.items()}
