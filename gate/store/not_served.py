"""`not-served.yaml`: scenarios without a golden or without a verdict, and why."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from gate.errors import CassetteError
from gate.model import Json, Status
from gate.store.files import read
from gate.wire.strict_yaml import Dialect, Yaml11, parse

NOT_SERVED = "not-served.yaml"
_UNRECORDED = "no golden"
# chosen: a line for each of 10,000 scenarios has room. A pull request can change this file, so it is read strictly:
# 100,000 `[` ended a plain YAML loader with a segmentation fault.
MAX_BYTES = 8 * 1024 * 1024
_DIALECT = Dialect(Yaml11, CassetteError, "record again", MAX_BYTES, max_depth=8, max_expanded=0, text_keys=False)


def not_served_file(absent: Mapping[str, tuple[Status, str]], unrecorded: Collection[str] = ()) -> dict[str, str]:
    """`not-served.yaml`, where there is anything to list: scenario → why, or [incomplete, why] as a check leaves it, or
    [no golden, why] for those that are `unrecorded`."""
    words = {name: _UNRECORDED if name in unrecorded else status for name, (status, _) in absent.items()}
    entries = {name: why if words[name] == "skipped" else [words[name], why] for name, (_, why) in absent.items()}
    # JSON strings are YAML strings as well, whatever a reason quotes from a remote.
    lines = [f"{json.dumps(name)}: {json.dumps(why)}\n" for name, why in sorted(entries.items())]
    return {NOT_SERVED: "".join(lines)} if lines else {}


def state_of(stored: Json) -> tuple[Status, str] | None:
    """What running a scenario gave, where its exchanges do not say it (`gate check` writes it)."""
    match stored:
        case ["skipped" | "incomplete" as status, str(why)]:
            return status, why
        case [str(word), str(why)] if word == _UNRECORDED:
            return "skipped", why
    return None


def not_served(folder: Path) -> dict[str, tuple[Status, str]]:
    """Scenario → (status, reason), from a folder's `not-served.yaml`; empty without one. Raises CassetteError."""
    return {name: state_of(why) or ("skipped", str(why)) for name, why in _entries(folder).items()}


def unrecorded(folder: Path) -> frozenset[str]:
    """The scenarios there that no golden shows, though the baseline may serve them. Raises CassetteError."""
    entries = _entries(folder).items()
    return frozenset(name for name, why in entries if isinstance(why, list) and why[:1] == [_UNRECORDED])


def _entries(folder: Path) -> dict[str, Json]:
    path = folder / NOT_SERVED
    # Not there: the baseline served everything.
    if not path.is_file():
        return {}
    try:
        raw = read(path, MAX_BYTES)
    except OSError as error:
        raise CassetteError(f"can't read it: {error.strerror}", where=str(path), fix="record again") from error
    states = parse(raw, str(path), _DIALECT)
    if not isinstance(states, dict):
        raise CassetteError("must map a scenario to a reason", where=str(path), fix="record again")
    return states
