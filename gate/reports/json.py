"""Report schema version 1 (gate/store/report.schema.json): what other tools, `gate merge` and `gate explain` read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from gate.model import Finding, Json, Measures, Report, Severity
from gate.text.safe import REPORT, STORED, cut

SCHEMA_VERSION = 1
# chosen: our own fields nest five deep; facts of a route come from files that anybody may have written.
_MAX_DEPTH = 32
_SHORTEST = 512  # characters: file names, rules and ids stay whole
_UNSAID = {field.name: field.default for field in fields(Measures)}
_HUGE = 2.0**64  # infinity and numbers of a million digits become null


def render(report: Report) -> str:
    """ASCII JSON with sorted keys. Strings are cut at `safe.STORED` characters, and shorter where the whole would be
    longer than the `safe.REPORT` that `gate merge` and `gate explain` read; then the last findings are left out."""
    return next(text for text in _shorter(report) if len(text) <= REPORT)


def _shorter(report: Report) -> Iterator[str]:
    yield _text(report, STORED)
    for limit in (STORED // 4, _SHORTEST):
        yield _text(report, limit)
    fixed = report.history.fixed if report.history else ()
    most = max(len(report.findings), len(report.crashes), len(report.notes), len(fixed))
    while most:
        most //= 2
        yield _text(_without(report, most), _SHORTEST)
    # what is left are the scenarios, one for each file that was read: far fewer than would fill it
    yield _text(replace(_without(report, 0), golden={}, candidate={}), _SHORTEST)


def _without(report: Report, most: int) -> Report:
    """The first findings, crashes and notes: findings stand by severity."""
    left = len(report.findings) - most
    note = f"{left:,} findings are left out: the report would be longer than {REPORT:,} characters"
    notes = (*report.notes[:most], *([note] if left > 0 else []))
    history = report.history and replace(report.history, fixed=report.history.fixed[:most])
    return replace(report, findings=report.findings[:most], crashes=report.crashes[:most], notes=notes, history=history)


def _text(report: Report, limit: int) -> str:
    # exhibits hold raw bodies, which would make the file many times as large
    document = {"schema_version": SCHEMA_VERSION, **_plain(replace(report, exhibits=()), limit)}
    # The schema of the report does not know the key.
    del document["exhibits"]
    # for `check` alone, which sends more of these
    del document["suspected"]
    # None would be null, and says less than the word of gate.yaml.
    document["fail_on"] = document["fail_on"] or "never"
    _complete(report.findings, document["findings"])
    if report.history:
        _complete(report.history.fixed, document["history"]["fixed"])
    for name in ("min_coverage", "requests", "history", "tally"):
        if document[name] is None:
            del document[name]
    if not report.rules_url:
        del document["rules_url"]
    for scenario in document["scenarios"]:
        # what nobody measured, and what did not happen, takes no line
        scenario["measures"] = [{k: v for k, v in one.items() if v != _UNSAID.get(k)} for one in scenario["measures"]]
        if not scenario["measures"]:
            del scenario["measures"]
        scenario["latency"] = {name: ms for name, ms in scenario["latency"].items() if ms is not None}
    text = json.dumps(document, indent=2, sort_keys=True, allow_nan=False)
    # the same JSON, but without `##[command]`, which a CI runner would execute in its log
    return text.replace("##", "#\\u0023") + "\n"


def _complete(findings: Iterable[Finding], documents: Iterable[dict[str, Any]]) -> None:
    """Adds what is derived, and removes what there is none of."""
    for finding, of in zip(findings, documents, strict=True):
        of |= {"interval": [round(end, 3) for end in finding.rate.interval]} if finding.rate else {}
        for name in ("clients", "since", "origin"):
            if not of[name]:
                del of[name]


def _plain(value: Any, limit: int, depth: int = 0) -> Json:
    """Dataclasses and a remote's facts as JSON without NaN, with bounded strings and depth."""
    if isinstance(value, str):
        return cut(value, limit)
    if isinstance(value, Severity):
        return value.word
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        # JSON has no NaN and no infinity (RFC 8259, 6), and many readers take numbers as doubles.
        return value if abs(value) < _HUGE else None  # nan compares false
    return _nested(value, limit, depth + 1) if depth < _MAX_DEPTH else "…"


def _nested(value: Any, limit: int, depth: int) -> Json:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name), limit, depth) for field in fields(value)}
    if isinstance(value, Mapping):
        return {cut(str(name), limit): _plain(part, limit, depth) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part, limit, depth) for part in value]
    return cut(str(value), limit)
