"""A JSON report read back, for `gate merge` and `gate explain`. It may be an artifact of a stranger's run."""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jsonschema

from gate.errors import ConfigError
from gate.model import (
    Crash,
    Effect,
    Finding,
    History,
    Location,
    Measures,
    Report,
    Requests,
    ScenarioResult,
    Severity,
    Tally,
)
from gate.store.files import read
from gate.text.safe import REPORT, line


def parse(text: str, where: str = "report.json") -> Report:
    """The report in a JSON text. Raises ConfigError, with `where` and the path in it, for anything else."""
    document = _checked(text, where)
    least = document["fail_on"]
    return Report(
        verdict=document["verdict"],
        golden=document["golden"],
        candidate=document["candidate"],
        scenarios=tuple(_scenario(part) for part in document["scenarios"]),
        findings=tuple(_finding(part) for part in document["findings"]),
        crashes=tuple(Crash(**_only(part, Crash.__slots__)) for part in document["crashes"]),
        notes=tuple(document["notes"]),
        fail_on=None if least == "never" else Severity[least.upper()],
        min_coverage=document.get("min_coverage"),
        reason=document["reason"],
        lead=document.get("lead", ""),
        rules_url=document.get("rules_url", ""),
        requests=_requests(document),
        about=document.get("about", "route"),
        history=_history(document["history"]) if "history" in document else None,
        tally=Tally(**_only(document["tally"], Tally.__slots__)) if "tally" in document else None,
    )


def load(path: Path, where: str, fix: str) -> Report:
    """The report in a file. Raises ConfigError, with `where` and what to do, for one that can't be read or is none."""
    try:
        # Bounded: an artifact may have been uploaded by a pull request's own workflow.
        text = read(path, REPORT).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"can't read the report: {what}", where=where, fix=fix) from error
    return parse(text, where)


def _checked(text: str, where: str) -> Any:
    fix = "give a file that `gate check --report json:FILE` of this version wrote"
    if len(text) > REPORT:
        raise ConfigError(f"report of {len(text):,} characters, more than {REPORT:,}", where=where, fix=fix)
    # RecursionError: a few hundred thousand brackets are a small file.
    try:
        document = json.loads(text)
        error = jsonschema.exceptions.best_match(_validator().iter_errors(document))
    except (ValueError, RecursionError) as cause:
        raise ConfigError(f"not a report: {cause}", where=where, fix=fix) from None
    if error is not None:
        raise ConfigError(f"not a report: {error.json_path}: {line(error.message, 300)}", where=where, fix=fix)
    return document


@functools.cache
def _validator() -> Any:
    text = importlib.resources.files(__package__).joinpath("report.schema.json").read_text("utf-8")
    # Not `validate()`, which would check the schema itself each time.
    return jsonschema.Draft202012Validator(json.loads(text))


def _requests(document: Mapping[str, Any]) -> Requests | None:
    return Requests(**_only(document["requests"], Requests.__slots__)) if "requests" in document else None


def _history(part: Mapping[str, Any]) -> History:
    return History(part["base"], tuple(_finding(finding) for finding in part["fixed"]), part["unjudged"])


def _scenario(part: Mapping[str, Any]) -> ScenarioResult:
    known = _only(part, ScenarioResult.__slots__)
    return ScenarioResult(
        **known
        | {
            "streams": tuple(part["streams"]),
            "areas": tuple(part.get("areas", ())),
            "upstream": tuple(part.get("upstream", ())),
            "measures": tuple(Measures(**_only(one, Measures.__slots__)) for one in part.get("measures", ())),
        }
    )


def _finding(part: Mapping[str, Any]) -> Finding:
    known = _only(part, Finding.__slots__)
    known["severity"] = Severity[part["severity"].upper()]
    for name in ("location", "golden_location"):
        known[name] = Location(**_only(part[name], Location.__slots__))
    known["clients"] = tuple(Effect(**_only(one, Effect.__slots__)) for one in part.get("clients", ()))
    return Finding(**known)


def _only(part: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The members that this version knows; a later gate may have written more."""
    return {name: part[name] for name in names if name in part}
