"""Strict YAML for the files that people write: one document, plain JSON values, a line for every path.

Scalars follow YAML 1.2's core schema, so `off`, `no` and `2027-03-01` stay the strings that they look like.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from gate.errors import ConfigError
from gate.model import Json

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 60
MAX_NODES = 100_000

Place = tuple[str | int, ...]
"""Where a value stands: mapping keys and sequence indexes from the root."""

_TAG = "tag:yaml.org,2002:"
_WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}
_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


# https://yaml.org/spec/1.2.2/#103-core-schema, less the words that JSON does not have
class _Loader(yaml.CSafeLoader):
    """The C loader, resolving only what JSON has."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's own form)


def _resolve(kind: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(_TAG + kind, re.compile(pattern), list(first))


_resolve("null", r"^(?:~|null|)$", "~n")
_Loader.yaml_implicit_resolvers[""] = [(_TAG + "null", re.compile("^$"))]
_resolve("bool", r"^(?:true|false)$", "tf")
_resolve("int", r"^[-+]?[0-9]{1,300}$", "-+0123456789")
_resolve("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789")


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
        """An error at a place; `what` follows the dotted path of the place, where there is one."""
        return ConfigError(what, where=f"{self.file}:{self.line(place)}", fix=fix)


# -- reading ------------------------------------------------------------------------------------


def read(path: Path, name: str | None = None) -> Document:
    """Read one YAML file of at most 1 MiB; `name` is what errors call it. Raises ConfigError with file:line."""
    shown = name or path.name
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"can't read it: {error.strerror or error}", where=shown) from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ConfigError("this is not UTF-8 text", where=f"{shown}:{line}", fix="save it as UTF-8") from None
    if len(raw) > MAX_BYTES:
        raise ConfigError(f"the file is larger than {MAX_BYTES // 1024} KiB", where=shown)
    return parse(text, shown)


def parse(text: str, file: str) -> Document:
    """Parse one YAML document. Raises ConfigError for anything that JSON could not say, duplicate keys included."""
    try:
        _check_depth(text, file)
        root = yaml.compose(text, _Loader)
    except yaml.YAMLError as error:
        raise _syntax_error(error, file) from None
    if root is None:
        raise ConfigError("the file is empty", where=f"{file}:1")
    builder = _Builder(file)
    return Document(file, builder.value(root, ()), builder.lines)


def _check_depth(text: str, file: str) -> None:
    # The C composer recurses without a bound and would end the process, so depth is counted on events first.
    depth = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise ConfigError(f"nested deeper than {MAX_DEPTH} levels", where=f"{file}:{line}")


def _syntax_error(error: yaml.YAMLError, file: str) -> ConfigError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).split("\n")[0].split(" in ")[0]
    where = f"{file}:{mark.line + 1}" if mark else file
    return ConfigError(f"this is not valid YAML: {printable(problem, 120)}", where=where)


class _Builder:
    """Nodes to plain values, with their lines. Shared nodes (aliases) are copied, within MAX_NODES."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Place, int] = {}
        self.count = 0

    def value(self, node: yaml.Node, place: Place) -> Json:
        # a key's own line is the better place to point at, and is already there
        self.lines.setdefault(place, node.start_mark.line + 1)
        self.count += 1
        if self.count > MAX_NODES or len(place) > MAX_DEPTH:  # aliases multiply, and may hold themselves
            raise self.error(node, "aliases make this document too large")
        match node.tag.removeprefix(_TAG):
            case "map" if isinstance(node, yaml.MappingNode):
                return self.mapping(node, place)
            case "seq" if isinstance(node, yaml.SequenceNode):
                return [self.value(item, (*place, number)) for number, item in enumerate(node.value)]
            case "null" | "bool" | "str" | "int" | "float" as kind if isinstance(node, yaml.ScalarNode):
                return self.scalar(node, kind)
        raise self.error(node, f"the tag {printable(node.tag)} can't be used here")

    def mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if key_node.tag != _TAG + "str":
                shown = printable(key) if isinstance(key, str) else "this key"
                raise self.error(key_node, f"{shown} must be a text to be a key", 'quote it: "…"')
            if key in found:
                first = self.lines[(*place, key)]
                raise self.error(key_node, f"`{printable(key)}` stands here twice", f"line {first} has it already")
            self.lines[(*place, key)] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, (*place, key))
        return found

    def scalar(self, node: yaml.ScalarNode, kind: str) -> Json:
        text = str(node.value)
        if kind == "str":
            return text
        if kind in {"null", "bool"} and text in _WORDS:
            return _WORDS[text]
        try:
            number: float = int(text) if kind == "int" else float(text) if kind == "float" else math.nan
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise self.error(node, f"{printable(text)} is no value that JSON has")
        return number

    def error(self, node: yaml.Node, what: str, fix: str = "") -> ConfigError:
        return ConfigError(what, where=f"{self.file}:{node.start_mark.line + 1}", fix=fix)


# -- checking against a schema ------------------------------------------------------------------


@cache
def schema(path: Path) -> dict[str, Any]:
    """The JSON Schema in a file that lies beside the code that reads such documents."""
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
    found = list(_validator(against).iter_errors(document.value))
    if found:
        raise min((_explain(document, error) for error in found), key=_line_of)


def _line_of(error: ConfigError) -> int:
    return int(error.where.rpartition(":")[2])


def _explain(document: Document, error: ValidationError) -> ConfigError:
    place: Place = tuple(error.absolute_path)
    allowed = error.schema if isinstance(error.schema, Mapping) else {}
    value: Any = error.instance
    if "propertyNames" in list(error.absolute_schema_path)[-2:]:
        what = f"`{printable(str(value))}` can't be used here: give {allowed['description']}"
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
    what = f"{_owner(place)} has no key `{printable(key)}`"
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
    shown = "what stands here" if allowed.get("x-quiet") else describe(value)
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
    return f"`{printable(value if isinstance(value, str) else json.dumps(value), 40)}`"


# -- words --------------------------------------------------------------------------------------


def dotted(place: Place) -> str:
    """`routes.candidate.headers`, `policy.tolerate[0].until`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return printable(text.removeprefix("."), 120)


def _owner(place: Place) -> str:
    return f"`{dotted(place)}`" if place else "the file"


def nearest(word: object, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    found = difflib.get_close_matches(str(word)[:80], [str(other) for other in known], n=1, cutoff=0.6)
    return found[0] if found else None


def suggest(word: object, known: Iterable[str], *, listing: bool = True) -> str:
    """A fix in words: the nearest known one, or all of them."""
    names = [str(other) for other in known]
    near = nearest(word, names)
    if near:
        return f"did you mean `{near}`?"
    return f"known: {', '.join(names)}" if names and listing else ""


def printable(text: str, limit: int = 60) -> str:
    """Text that is safe to print: no control characters, bounded."""
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:limit])
    return shown + ("…" if len(text) > limit else "")
