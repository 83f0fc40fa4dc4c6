"""Report schema version 1 (gate/store/report.schema.json): what other tools, `gate merge` and `gate explain` read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from gate.model import Json, Report, Severity
from gate.text.safe import STORED, cut

SCHEMA_VERSION = 1
# chosen: our own fields nest five deep; facts of a route come from files that anybody may have written.
_MAX_DEPTH = 32
_HUGE = 2.0**64  # infinity and numbers of a million digits become null


def render(report: Report) -> str:
    """ASCII JSON with sorted keys; strings are cut at `safetext.STORED` characters."""
    # exhibits hold raw bodies, which would make the file many times as large
    document = {"schema_version": SCHEMA_VERSION, **_plain(replace(report, exhibits=()))}
    # The schema of the report does not know the key.
    del document["exhibits"]
    # None would be null, and says less than the word of gate.yaml.
    document["fail_on"] = document["fail_on"] or "never"
    for scenario in document["scenarios"]:
        scenario["latency"] = {name: ms for name, ms in scenario["latency"].items() if ms is not None}
    text = json.dumps(document, indent=2, sort_keys=True, allow_nan=False)
    # the same JSON, but without `##[command]`, which a CI runner would execute in its log
    return text.replace("##", "#\\u0023") + "\n"


def _plain(value: Any, depth: int = 0) -> Json:
    """Dataclasses and a remote's facts as JSON without NaN, with bounded strings and depth."""
    if isinstance(value, str):
        return cut(value, STORED)
    if isinstance(value, Severity):
        return value.word
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        # JSON has no NaN and no infinity (RFC 8259, 6), and many readers take numbers as doubles.
        return value if abs(value) < _HUGE else None  # nan compares false
    return _nested(value, depth + 1) if depth < _MAX_DEPTH else "…"


def _nested(value: Any, depth: int) -> Json:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name), depth) for field in fields(value)}
    if isinstance(value, Mapping):
        return {cut(str(name), STORED): _plain(part, depth) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part, depth) for part in value]
    return cut(str(value), STORED)
