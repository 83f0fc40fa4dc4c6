"""JSON Schemas of bodies, with annotations, and the violations of a value.

Beside JSON Schema's own keywords a property may have severities: `x-missing`, `x-null`, `x-type`, `x-value` (breaking,
risky, info or silent), `x-added`, and `x-noise`: null, absent and empty are the same to clients.
`x-as: "response output[]"`: the value is validated with another schema, or with what that has at one of its paths.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError

from gate.model import Json, Severity, Violation
from gate.wire.paths import json_path
from gate.wire.shape import show, signature

MAX_VIOLATIONS = 40
_SILENT = "silent"
_DEFAULT = {"required": "x-missing", "type": "x-type", "const": "x-value", "enum": "x-value"}


@dataclass(frozen=True, slots=True)
class Known:
    """What a schema says about one path: severities by annotation, allowed types, and whether it is noise."""

    types: frozenset[str]
    required: bool
    noise: bool
    annotations: Mapping[str, str]

    def severity(self, annotation: str, default: Severity | None) -> Severity | None:
        """The severity under `x-missing`, `x-null`…, `default` without one; None for silent."""
        word = self.annotations.get(annotation)
        if word is None:
            return default
        return None if word == _SILENT else Severity[word.upper()]


@functools.cache
def schema(name: str) -> dict[str, Json]:
    """The JSON Schema of that name; the same object at each call."""
    text = (resources.files(__package__) / f"{name}.json").read_text("utf-8")
    document: dict[str, Json] = json.loads(text)
    return document


@functools.cache
def knowledge(name: str) -> Mapping[str, Known]:
    """Path (with `[]`, and `<message>` for objects of that type only) → what the schema of that name says about it."""
    known: dict[str, Known] = {}
    _collect(schema(name), "", False, known)
    return known


def _collect(node: dict[str, Json], path: str, required: bool, paths: dict[str, Known]) -> None:
    if path:
        types = node.get("type", [])
        annotations = {k: v for k, v in node.items() if k.startswith("x-") and isinstance(v, str)}
        known = Known(frozenset([types] if isinstance(types, str) else types), required, "x-noise" in node, annotations)
        paths.setdefault(path, known)
    for key, child in node.get("properties", {}).items():
        _collect(child, f"{path}.{key}" if path else key, key in node.get("required", ()), paths)
    if isinstance(node.get("items"), dict):
        _collect(node["items"], f"{path}[]", False, paths)
    for branch in node.get("anyOf", ()):
        _collect({**branch, "type": branch.get("type", [])}, path, required, paths)
    for part in node.get("allOf", ()):
        kind = part.get("if", {}).get("properties", {}).get("type", {}).get("const")
        branch = {**part.get("then", {}), "type": []}
        # what only objects of one type have is listed below `<type>`
        _collect(branch, f"{path}.<{kind}>" if kind else path, required, paths)
    if "x-as" in node:
        other, _, below = node["x-as"].partition(" ")
        _borrow(other, f"{below}." if below else "", path, paths)


def _borrow(name: str, below: str, path: str, paths: dict[str, Known]) -> None:
    """Adds what another schema says below one of its paths (given with its dot), as paths below `path`."""
    for there, known in knowledge(name).items():
        if there.startswith(below):
            paths.setdefault(f"{path}.{there.removeprefix(below)}", known)


def _is_integer(_: object, value: object) -> bool:
    """JSON Schema accepts 34.0 as an integer; Go, Rust and Java do not."""
    return type(value) is int


_CLEAN: set[Hashable] = set()
_VALUED = frozenset({"const", "enum", "pattern"})


def _properties(validator: Any, properties: dict[str, Any], instance: Any, _: Any) -> Iterator[ValidationError]:
    """JSON Schema's `properties`, which skips values whose signature was valid before: the answers of a route differ
    in few places, and validating all of them again would be most of the time that judging takes."""
    for key, node in properties.items() if isinstance(instance, dict) else ():
        if key in instance and (mark := (id(node), _mark(node, instance[key]))) not in _CLEAN:
            errors = list(validator.descend(instance[key], node, path=key, schema_path=key))
            yield from errors
            if not errors:
                if len(_CLEAN) > 65_536:
                    _CLEAN.clear()
                _CLEAN.add(mark)


def _mark(node: dict[str, Any], value: Json) -> Hashable:
    """What the validity of a value under this node depends on."""
    if type(value) is str:
        return value if node.keys() & _VALUED else bool(value)
    return signature(value) if isinstance(value, dict | list) else type(value).__name__


_EXTEND: Any = jsonschema.validators.extend
_STRICT: type[jsonschema.Draft202012Validator] = _EXTEND(
    jsonschema.Draft202012Validator,
    {"properties": _properties},
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)


@functools.cache
def _validator(name: str, below: str = "") -> jsonschema.Draft202012Validator:
    """The validator of the schema of that name, or of its part at a path (`output[].content[]`)."""
    node = schema(name)
    for key in filter(None, below.split(".")):
        node = node["properties"][key.removesuffix("[]")]
        node = node["items"] if key.endswith("[]") else node
    return _STRICT(node)


def violations(name: str, value: Json) -> tuple[Violation, ...]:
    """Where the value breaks the schema of that name, at most MAX_VIOLATIONS of them, in document order."""
    first: dict[tuple[str, str], Violation] = {}
    for violation in (*_broken(_validator(name), value), *_borrowed(name, value)):
        first.setdefault((violation.path, violation.keyword), violation)
    return tuple(first.values())[:MAX_VIOLATIONS]


def _broken(validator: jsonschema.Draft202012Validator, value: Json) -> Iterator[Violation]:
    errors = itertools.islice(validator.iter_errors(value), MAX_VIOLATIONS)
    return (violation for error in errors for violation in _violations(error))


def _borrowed(name: str, value: Json) -> Iterator[Violation]:
    """Violations under `x-as`, without `required`: what a part lacks may come in a later event."""
    for key, node in schema(name).get("properties", {}).items():
        if "x-as" in node and isinstance(value, dict) and isinstance(value.get(key), dict):
            other, _, below = node["x-as"].partition(" ")
            for v in _broken(_validator(other, below), value[key]):
                if v.keyword != "required":
                    yield replace(v, path=f"{key}.{v.path}")


def _violations(error: ValidationError) -> Iterator[Violation]:
    path = json_path(error.absolute_path)
    rules = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator == "required" and isinstance(error.instance, dict):
        yield from _missing(path, rules, error.instance)
        return
    null = error.instance is None and error.validator in ("type", "enum", "const")
    # null is no worse than absent, unless the schema says so
    word = ("x-null" if "x-null" in rules else "x-missing") if null else _DEFAULT.get(str(error.validator), "x-value")
    severity = _severity(rules, word)
    if severity:
        keyword = "null" if null else str(error.validator)
        yield Violation(path, keyword, severity, _detail(error), error.instance)


def _missing(path: str, rules: Mapping[str, Json], instance: Mapping[str, Json]) -> Iterator[Violation]:
    for key in rules.get("required", ()):
        severity = _severity(rules.get("properties", {}).get(key, {}), "x-missing")
        if key not in instance and severity:
            yield Violation(f"{path}.{key}" if path else key, "required", severity, "is missing")


def _severity(rules: Mapping[str, Json], annotation: str) -> Severity | None:
    word = rules.get(annotation, "breaking")
    return None if word == _SILENT else Severity[word.upper()]


def _detail(error: ValidationError) -> str:
    wanted = show(error.validator_value, 80)
    if error.validator == "type":
        return f"must be {wanted.strip('[]').replace(chr(34), '').replace(',', ' or')}"
    return {
        "const": f"must be {wanted}",
        "enum": f"must be one of {wanted}",
        "minItems": "must not be empty",
        "minLength": "must not be empty",
    }.get(str(error.validator), f"breaks the schema's {error.validator} {wanted}")
