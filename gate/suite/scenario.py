"""One YAML file → the scenarios it stands for: one, or one for each line of its `inputs`."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from gate.endpoints import GENERAL, endpoints
from gate.errors import ConfigError
from gate.model import Json, Scenario, Step
from gate.store import files, yaml_file
from gate.store.yaml_file import Document
from gate.suite import placeholders
from gate.suite.attached import Beside, attach
from gate.suite.raw_model import model_span
from gate.text.nearest import suggest
from gate.text.safe import line
from gate.wire.strict_yaml import Place

SCHEMA = Path(__file__).with_name("schema.json")
MAX_CASES = 999  # numbered with three digits, so that ids stay put when lines are appended
# chosen: 999 cases of 8 kB.
MAX_INPUTS = 8 * 1024 * 1024
# An id becomes a folder of the goldens: nothing in it may be a path or differ by case alone.
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def scenario_of(document: Document) -> Scenario:
    """The one scenario of a text without `inputs` and without files beside it. Raises ConfigError with file:line."""
    yaml_file.validate(document, SCHEMA)
    return _scenario(document, None)


def read_scenarios(path: Path, name: str, top: Path) -> tuple[Scenario, ...]:
    """The scenarios of one file; `name` is what errors call it, `top` the folder whose files it may send: its own where
    it lies elsewhere. Raises ConfigError with file:line."""
    top = top if path.resolve().is_relative_to(top.resolve()) else path.parent
    document = yaml_file.read(path, name)
    yaml_file.validate(document, SCHEMA)
    scenario = _scenario(document, Beside(path.parent, top))
    inputs = document.value.get("inputs")
    if inputs is None:
        return (scenario,)
    if Beside(path.parent, top).path(inputs) is None:
        fix = "keep a copy of it beside the scenario"
        raise document.error(("inputs",), f"{line(inputs, 60)} leads out of the folder of gate.yaml", fix)
    return tuple(_expand(document, scenario, path.parent / inputs, top))


def _scenario(document: Document, beside: Beside | None) -> Scenario:
    value: dict[str, Any] = document.value
    cases = "inputs" in value
    return Scenario(
        id=value["id"],
        group=value["group"],
        steps=tuple(_step(document, number, entry, cases, beside) for number, entry in enumerate(value["steps"])),
        tags=tuple(value.get("tags", ())),
        twin=value.get("twin"),
        about=value.get("about", ""),
        source=f"{document.file}:{document.line(('id',))}",
        min_seconds=value.get("min_seconds"),
    )


# -- steps --------------------------------------------------------------------------------------


def _step(document: Document, number: int, entry: dict[str, Any], cases: bool, beside: Beside | None) -> Step:
    place: Place = ("steps", number)
    method = _method(document, place, entry)
    _check_body(document, place, entry, method)
    body = attach(document, entry.get("body"), (*place, "body"), beside)
    placeholders.check(document, body, (*place, "body"), number, cases=cases)
    status = entry.get("expect", {}).get("status", 200)
    return Step(
        endpoint=entry["endpoint"],
        model=entry.get("model") or placeholders.role_in(body),
        body=body,
        expect=tuple(status) if isinstance(status, list) else (status,),
        method=method,
        path=entry.get("path"),
        raw=entry.get("raw"),
        key=entry.get("key", "route"),
        headers=entry.get("headers", {}),
        cancel_after_chunks=entry.get("cancel_after_chunks"),
        give_up_after=entry.get("give_up_after"),
        repeat=entry.get("repeat", 1),
    )


def _method(document: Document, place: Place, entry: dict[str, Any]) -> str:
    name, known = entry["endpoint"], endpoints()
    if name not in known and name != GENERAL.name:
        what = f"there is no endpoint `{line(name, 60)}`"
        raise document.error((*place, "endpoint"), what, suggest(name, [*sorted(known), GENERAL.name]))
    if name == GENERAL.name and "path" not in entry:
        raise document.error((*place, "endpoint"), f"the endpoint `{name}` needs a `path`")
    # the endpoint knows its method, so that a file need not say GET for a list
    method: str = entry.get("method") or known.get(name, GENERAL).method
    return method


def _check_body(document: Document, place: Place, entry: dict[str, Any], method: str) -> None:
    body, raw = entry.get("body"), entry.get("raw")
    sent = [key for key in ("body", "raw") if key in entry]
    if method == "GET" and sent:
        raise document.error((*place, sent[0]), f"a GET has no `{sent[0]}`")
    if method == "POST" and len(sent) != 1:
        raise document.error(place, "a POST needs either `body` or `raw`")
    if "model" not in entry:
        return
    if raw is not None and model_span(raw) is None:
        raise document.error((*place, "model"), "`model` needs a `raw` that is a JSON object and names a model")
    if raw is None and not isinstance(body, dict):
        raise document.error((*place, "model"), "`model` needs a `body` that is a mapping")
    # One of them would win in silence.
    if isinstance(body, dict) and "model" in body:
        fix = "keep the role, and name the model in the route's `models`"
        raise document.error((*place, "body", "model"), "`model` is set both in the step and in its body", fix)


# -- inputs -------------------------------------------------------------------------------------


def _expand(document: Document, scenario: Scenario, inputs: Path, top: Path) -> Iterator[Scenario]:
    place: Place = ("inputs",)
    name = posixpath.normpath(posixpath.join(posixpath.dirname(document.file), document.value["inputs"]))
    count = 0
    for number, case in _cases(document, inputs, name):
        count += 1
        if count > MAX_CASES:
            raise document.error(place, f"{name} has more than {MAX_CASES} cases")
        yield _case(scenario, case, Document(name, None, {(): number}), count, Beside(inputs.parent, top))
    if not count:
        raise document.error(place, f"{name} has no case", 'write one JSON object a line: {"prompt": "…"}')


def _cases(document: Document, inputs: Path, name: str) -> Iterator[tuple[int, dict[str, Json]]]:
    try:
        raw = files.read(inputs, MAX_INPUTS)
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise document.error(("inputs",), f"can't read {name}: {reason}") from None
    if len(raw) > MAX_INPUTS:
        raise document.error(("inputs",), f"{name} is larger than {MAX_INPUTS // 1024 // 1024} MiB")
    # splitlines() would also split at U+2028, which JSON allows inside a string
    for number, row in enumerate(text.split("\n"), 1):
        if row.strip():
            yield number, _object(row, f"{name}:{number}")


def _object(row: str, where: str) -> dict[str, Json]:
    try:
        case = json.loads(row)
    except (ValueError, RecursionError):
        case = None
    if not isinstance(case, dict):
        raise ConfigError("this line is not a JSON object", where=where, fix='one case a line: {"prompt": "…"}')
    return case


def _case(scenario: Scenario, case: dict[str, Json], row: Document, number: int, beside: Beside) -> Scenario:
    # A golden belongs to its id: cases that name themselves keep theirs when lines are inserted.
    name = case.get("id", f"{number:03}")
    if not (isinstance(name, str) and len(name) <= 60 and _ID.fullmatch(name)):
        raise row.error((), "`id` must be of lower case letters, digits and single `-`")

    def missing(field: str) -> ConfigError:
        what = f"this case lacks the field `{line(field, 60)}` that {scenario.id} asks for"
        return row.error((), what, suggest(field, case))

    bodies = (placeholders.fill_case(step.body, case, missing) for step in scenario.steps)
    pairs = zip(scenario.steps, bodies, strict=True)
    steps = tuple(replace(step, body=attach(row, body, ("body",), beside)) for step, body in pairs)
    # what a line brings in may look like a placeholder too
    for position, step in enumerate(steps):
        placeholders.check(row, step.body, ("body",), position, cases=False)
    twin = scenario.twin and f"{scenario.twin}-{name}"
    return replace(scenario, id=f"{scenario.id}-{name}", steps=steps, twin=twin, source=f"{row.file}:{row.line(())}")
