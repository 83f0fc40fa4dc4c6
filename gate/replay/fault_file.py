"""faults.yaml → rules: which faults `gate serve --faults` plays, for what, and at which attempt."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from gate.endpoints import endpoints
from gate.errors import ConfigError
from gate.model import Json
from gate.replay.faults import Fault, parse
from gate.replay.faults.status import custom
from gate.replay.scripts import Rule, Script, script, script_of
from gate.store import yaml_file
from gate.store.yaml_file import Document
from gate.text.nearest import suggest
from gate.wire.strict_yaml import Place

SCHEMA = Path(__file__).with_name("faults.schema.json")


def load(path: Path, scenarios: Iterable[str]) -> tuple[Rule, ...]:
    """The rules of a file, in its order. Raises ConfigError with file:line and a fix.

    `scenarios` are those that are served; a rule for another one would never hold.
    """
    document = yaml_file.read(path)
    yaml_file.validate(document, SCHEMA)
    known = tuple(scenarios)
    entries: list[dict[str, Any]] = document.value["faults"]
    return tuple(_rule(document, ("faults", number), entry, known) for number, entry in enumerate(entries))


def _rule(document: Document, place: Place, entry: dict[str, Any], scenarios: tuple[str, ...]) -> Rule:
    _known(document, place, entry, "scenario", scenarios)
    _known(document, place, entry, "endpoint", tuple(endpoints()))
    script = _script(document, (*place, "fault"), entry["fault"], repeats=entry.get("repeat", False))
    return Rule(script, entry.get("scenario"), entry.get("endpoint"), entry.get("stream"), strict="scenario" in entry)


def _known(document: Document, place: Place, entry: dict[str, Any], key: str, known: tuple[str, ...]) -> None:
    if key in entry and entry[key] not in known:
        raise document.error((*place, key), f"there is no {key} `{entry[key]}`", suggest(entry[key], known))


def _script(document: Document, place: Place, value: Json, *, repeats: bool) -> Script:
    try:
        if isinstance(value, str) and not repeats:
            return script_of(value)
        if not isinstance(value, list):
            value = [value]
        attempts = [fault for number, item in enumerate(value) for fault in _attempts(document, (*place, number), item)]
        return script("faults.yaml", attempts, endless=len(attempts) == 1 and len(value) == 1, repeats=repeats)
    except ConfigError as error:
        if error.where:
            raise
        raise document.error(place, error.what, error.fix) from None


def _attempts(document: Document, place: Place, item: Json) -> list[Fault]:
    try:
        if isinstance(item, str):
            script = script_of(item)
            if script.percent < 100:
                raise ConfigError("a share of the requests can't be one of several attempts", fix="let it stand alone")
            return list(script.attempts) or [script.lasting]
        return [_custom(item)]
    except ConfigError as error:
        raise document.error(place, error.what, error.fix) from None


def _custom(entry: dict[str, Any]) -> Fault:
    """A status with headers and a body of one's own, and further faults that change it."""
    answer = partial(custom, status=entry["status"], headers=entry.get("headers", {}), body=entry.get("body"))
    further = parse(entry.get("with", "ok"))
    return Fault(f"status-{entry['status']} of a person's").then(answer, *further.effects)
