"""The placeholders of request bodies: `$case` is filled here, the others are checked for the runner to fill.

{$reply: 0}                                  the message that the route answered at step 0, as it came
{$reply: 0, path: "tool_calls[0].id"}        a part of it
{$golden: 0}, {$golden: 0, path: …}          the same from the golden, as applications store threads
{$repeat: {text: "word ", times: 1000}}      a long text, not written out
{$case: question}                            a field of the current line of the scenario's `inputs`
{$file: hello.wav}                           a file beside the scenario's; the body goes out as a form then
model: {$model: chat}                        the route's name for that role, where it stands in the body
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from gate.model import Json
from gate.store.yaml_file import Document, dotted
from gate.text.nearest import suggest
from gate.text.safe import line
from gate.wire.media import is_base64
from gate.wire.strict_yaml import Place

KNOWN = ("$reply", "$golden", "$repeat", "$case", "$file", "$model")
# chosen: far beyond any context window; a file of some bytes must not fill the memory.
MAX_TEXT = 16 * 1024 * 1024  # characters that one $repeat may make

# Names and indexes only: the path is followed in a reply, whose keys are names of an API.
_FILE = re.compile(r"[\w-][\w. -]{0,99}")
_ROLE = re.compile(r"[a-z][a-z0-9_-]*")
_PATH = re.compile(r"[A-Za-z_]\w*(\[\d+\])*(\.[A-Za-z_]\w*(\[\d+\])*)*", re.ASCII)
# The `$` keywords of JSON Schema 2020-12 (core, 8): https://json-schema.org/draft/2020-12/json-schema-core
_SCHEMA_WORDS = {"$ref", "$defs", "$schema", "$id", "$anchor", "$comment", "$dynamicRef", "$dynamicAnchor"}


def role_in(body: Json) -> str | None:
    """The role whose model a body names with `{$model: ROLE}`; None where it names none."""
    named = body.get("model") if isinstance(body, dict) else None
    role = named.get("$model") if isinstance(named, dict) else None
    return role if isinstance(role, str) else None


def file_in(value: Json) -> tuple[str, str] | None:
    """The name of the file that a value stands for, and what it holds as base64; None where it stands for none."""
    file = value.get("$file") if isinstance(value, dict) else None
    name, held = (file.get("name"), file.get("base64")) if isinstance(file, dict) else (None, None)
    return (name, held) if isinstance(name, str) and isinstance(held, str) else None


def is_form(body: Json) -> bool:
    """Whether a body goes out as a form, as official SDKs send what holds a file."""
    fields = body.values() if isinstance(body, dict) else ()
    return any(file_in(item) for value in fields for item in (value if isinstance(value, list) else [value]))


def fill_case(value: Json, case: Mapping[str, Json], missing: Callable[[str], Exception]) -> Json:
    """The value with every `{$case: field}` replaced; raises `missing(field)` for a field that is not there."""
    if isinstance(value, list):
        return [fill_case(item, case, missing) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) != {"$case"}:  # `check` has seen to it that nothing stands beside it
        return {key: fill_case(item, case, missing) for key, item in value.items()}
    if value["$case"] not in case:
        raise missing(value["$case"])
    return case[value["$case"]]


def check(document: Document, value: Json, place: Place, step: int, *, cases: bool) -> None:
    """Raise ConfigError where a placeholder in the body of that step can't be filled."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            check(document, item, (*place, number), step, cases=cases)
    if not isinstance(value, dict):
        return
    placeholders = [key for key in value if key in KNOWN]
    if placeholders:
        _check_one(document, value, place, step, placeholders[0], cases)
        return
    for key, item in value.items():
        _check_spelling(document, key, (*place, key), alone=len(value) == 1)
        check(document, item, (*place, key), step, cases=cases)


def _check_spelling(document: Document, key: str, place: Place, *, alone: bool) -> None:
    # JSON Schemas in `tools` and `response_format` have `$` words of their own.
    # Beside other keys only what is close to one of ours: bodies of vendors may have `$` keys that nobody here knows.
    ours = alone or suggest(key, KNOWN, listing=False)
    if key.startswith("$") and key not in _SCHEMA_WORDS and ours:
        raise document.error(place, f"`{line(key, 60)}` is not a placeholder", suggest(key, KNOWN))


def _check_one(document: Document, value: dict[str, Any], place: Place, step: int, key: str, cases: bool) -> None:
    allowed = {key, "path"} if key in {"$reply", "$golden"} else {key}
    extra = next((other for other in value if other not in allowed), None)
    if extra is not None:
        what = f"`{key}` can't be combined with `{line(extra, 60)}`"
        raise document.error((*place, extra), what, suggest(extra, allowed, listing=False))
    problem = _case(value[key], cases) if key == "$case" else _repeat(value[key]) if key == "$repeat" else ""
    if key in {"$reply", "$golden"}:
        problem = _earlier(value, key, step)
    if key == "$model":
        problem = _role(value[key], place)
    if key == "$file":
        problem = _file(value[key], place, cases)
    if problem:
        raise document.error((*place, key), f"`{dotted((*place, key))}` {problem}")


def _role(role: Json, place: Place) -> str:
    if place[-2:] != ("body", "model") or len(place) > 4:
        return "can only stand as the body's `model`"
    return "" if isinstance(role, str) and _ROLE.fullmatch(role) else "must name a role such as chat"


def _file(value: Json, place: Place, cases: bool) -> str:
    below = place[place.index("body") + 1 :]
    if len(below) != 1 and not (len(below) == 2 and isinstance(below[1], int)):
        return "can only stand as a field of the body, or in a list there"
    if isinstance(value, dict) and "$case" in value:
        return _case(value["$case"], cases)
    whole = (
        isinstance(value, dict) and set(value) == {"name", "base64"} and all(isinstance(v, str) for v in value.values())
    )
    if not whole or not _FILE.fullmatch(value["name"]):
        return "must be the name of a file, or {name: hello.wav, base64: …}"
    return "" if is_base64(value["base64"]) else "has a `base64` that is none"


def _case(field: Json, cases: bool) -> str:
    if not isinstance(field, str):
        return "must name a field of the lines in `inputs`"
    return "" if cases else "needs `inputs: FILE.jsonl` in this scenario"


def _repeat(value: Json) -> str:
    # `type(…) is not int`, because True is an int to isinstance
    good = isinstance(value, dict) and set(value) == {"text", "times"}
    if not good or not isinstance(value["text"], str) or type(value["times"]) is not int or value["times"] < 1:
        return "must be {text: …, times: N}"
    return "" if len(value["text"]) * value["times"] <= MAX_TEXT else f"makes more than {MAX_TEXT:,} characters"


def _earlier(value: dict[str, Any], key: str, step: int) -> str:
    number, path = value[key], value.get("path")
    if type(number) is not int or not 0 <= number < step:
        known = f"0 to {step - 1}" if step > 1 else "0" if step else "none, because this is the first"
        return f"must be the number of an earlier step (here: {known})"
    if path is not None and not (isinstance(path, str) and _PATH.fullmatch(path)):
        return 'has a path unlike "tool_calls[0].id"'
    return ""
