"""The YAML files that people write: one document of plain JSON values, a line for every path, checked by a schema.

Scalars follow YAML 1.2's core schema, so `off`, `no` and `2027-03-01` stay the strings that they look like.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from gate.errors import ConfigError
from gate.model import Json
from gate.store import files
from gate.text.nearest import suggest
from gate.text.safe import line
from gate.wire.paths import json_path
from gate.wire.strict_yaml import NODE, Dialect, Place, Yaml12, parse_lined

# chosen: what a person writes has some kB; long texts come from `$repeat`.
MAX_BYTES = 1024 * 1024

# chosen: tool schemas nest some ten levels, and a team may share a few of them by aliases.
_DIALECT = Dialect(Yaml12, ConfigError, "", MAX_BYTES, max_depth=60, max_expanded=100_000 * NODE)
_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its value, its name as the user knows it, and the line (from 1) of every key and item."""

    file: str
    value: Json
    lines: Mapping[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """The line of a place, or of its nearest parent that has one."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def error(self, place: Place, what: str, fix: str = "") -> ConfigError:
        """An error at the line of a place."""
        return ConfigError(what, where=f"{self.file}:{self.line(place)}", fix=fix)


# -- reading ------------------------------------------------------------------------------------


def read(path: Path, name: str | None = None) -> Document:
    """Read one YAML file of at most 1 MiB; `name` is what errors call it. Raises ConfigError with file:line."""
    shown = name or path.name
    try:
        raw = files.read(path, MAX_BYTES)
    except OSError as error:
        raise ConfigError(f"can't read it: {error.strerror or error}", where=shown) from None
    if len(raw) > MAX_BYTES:
        raise ConfigError(f"the file is larger than {MAX_BYTES // 1024} KiB", where=shown)
    try:
        # Editors on Windows put a BOM in front.
        return parse(raw.decode("utf-8-sig"), shown)
    # Latin-1 from an old editor: the line helps to find the one umlaut.
    except UnicodeDecodeError as error:
        number = raw[: error.start].count(b"\n") + 1
        raise ConfigError("this is not UTF-8 text", where=f"{shown}:{number}", fix="save it as UTF-8") from None


def parse(text: str, file: str) -> Document:
    """Parse one YAML document. Raises ConfigError, with file:line, for what is not JSON data and for duplicate keys."""
    value, lines = parse_lined(text, file, _DIALECT)
    if value is None:
        raise ConfigError("the file is empty", where=f"{file}:1")
    return Document(file, value, lines)


# -- checking against a schema ------------------------------------------------------------------


@cache
def schema(path: Path) -> dict[str, Any]:
    """The JSON Schema in a file."""
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


def _pattern(_: object, pattern: str, value: Json, __: object) -> Iterator[ValidationError]:
    # JSON Schema's `$` is the very end; Python's would let a last line break through.
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield ValidationError("pattern")


_Validator: Any = validators.extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


@cache
def _validator(path: Path) -> Any:
    return _Validator(schema(path))


def validate(document: Document, against: Path) -> None:
    """Check a document against the JSON Schema of that file. Raises ConfigError for the first bad line."""
    # one error at a time, the first in the file: the rest are often its consequences
    errors = list(_validator(against).iter_errors(document.value))
    if errors:
        raise min((_explain(document, error) for error in errors), key=_line_of)


def _line_of(error: ConfigError) -> int:
    return int(error.where.rpartition(":")[2])


def _explain(document: Document, error: ValidationError) -> ConfigError:
    place: Place = tuple(error.absolute_path)
    allowed = error.schema if isinstance(error.schema, Mapping) else {}
    value: Any = error.instance
    if "propertyNames" in list(error.absolute_schema_path)[-2:]:
        what = f"`{line(str(value), 60)}` can't be used here: give {allowed['description']}"
        return document.error((*place, str(value)), what, suggest(value, allowed.get("enum", ()), listing=False))
    if error.validator == "additionalProperties":
        return _unknown_key(document, place, value, allowed)
    if error.validator == "required":
        missing = next(key for key in allowed["required"] if key not in value)
        return document.error(place, f"{_owner(place)} lacks the key `{missing}`", allowed.get("x-fix", ""))
    return _wrong_value(document, place, value, allowed)


def _unknown_key(document: Document, place: Place, value: Json, allowed: Mapping[str, Json]) -> ConfigError:
    known = list(allowed.get("properties", {}))
    key = next(key for key in value if key not in known)
    what = f"{_owner(place)} has no key `{line(key, 60)}`"
    return document.error((*place, key), what, suggest(key, known))


def _wrong_value(document: Document, place: Place, value: Json, allowed: Mapping[str, Json]) -> ConfigError:
    wanted = allowed.get("description")
    if not wanted and "enum" in allowed:
        wanted = "one of " + ", ".join(str(word) for word in allowed["enum"])
    wanted = wanted or _type_words(allowed.get("type")) or "another value"
    fix = suggest(value, allowed["enum"], listing=False) if "enum" in allowed else ""
    if isinstance(value, (int, float)) and allowed.get("type") == "string":
        fix = "quote it"
    # A key pasted into the wrong line must not reach a build log, so some places never show their value.
    shown = "the value given" if allowed.get("x-quiet") else describe(value)
    what = f"`{dotted(place)}` must be {wanted}" if place else f"the file must be {wanted}"
    return document.error(place, f"{what}, not {shown}", fix)


def _type_words(kinds: Json) -> str:
    return " or ".join(_TYPES[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds or []))


def describe(value: Json) -> str:
    """A value in a few words for an error message."""
    if value is None or value in ("", [], {}):
        return "empty"
    if isinstance(value, (dict, list)):
        return _TYPES["object"] if isinstance(value, dict) else _TYPES["array"]
    return f"`{line(value if isinstance(value, str) else json.dumps(value), 40)}`"


# -- words --------------------------------------------------------------------------------------


def dotted(place: Place) -> str:
    """`routes.candidate.headers`, `policy.tolerate[0].until`; safe to print."""
    return line(json_path(place), 120)


def _owner(place: Place) -> str:
    return f"`{dotted(place)}`" if place else "the file"
