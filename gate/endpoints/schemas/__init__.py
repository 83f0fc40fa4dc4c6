"""What the API says of a body: JSON Schemas with our annotations, read once, and the violations of a value.

Beside JSON Schema's own words a property may carry severities for what a client feels: `x-missing`, `x-null`,
`x-type`, `x-value` (breaking, risky, info or silent), `x-added`, and `x-noise`: null, absent and empty are the same.
`x-as: "response output[]"` says that a value is what another schema describes, here or below one of its paths.
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
    """What the schema says of one path: severities by annotation, allowed types, and whether it is noise."""

    types: frozenset[str]
    required: bool
    noise: bool
    annotations: Mapping[str, str]

    def severity(self, annotation: str, default: Severity | None) -> Severity | None:
        """The severity that the schema gives to `x-missing`, `x-null`…; None where it says silent."""
        word = self.annotations.get(annotation)
        if word is None:
            return default
        return None if word == _SILENT else Severity[word.upper()]


def schema(name: str) -> dict[str, Json]:
    """The JSON Schema of that name; the same object at each call."""
    return _load(name)


@functools.cache
def _load(name: str) -> dict[str, Json]:
    text = (resources.files(__package__) / f"{name}.json").read_text("utf-8")
    found: dict[str, Json] = json.loads(text)
    return found


@functools.cache
def knowledge(name: str) -> Mapping[str, Known]:
    """Path (with `[]`, and `<message>` for objects of that type alone) → what the schema of that name knows of it."""
    found: dict[str, Known] = {}
    _collect(_load(name), "", False, found)
    return found


def _collect(node: dict[str, Json], path: str, required: bool, found: dict[str, Known]) -> None:
    if path:
        types = node.get("type", [])
        annotations = {k: v for k, v in node.items() if k.startswith("x-") and isinstance(v, str)}
        known = Known(frozenset([types] if isinstance(types, str) else types), required, "x-noise" in node, annotations)
        found.setdefault(path, known)
    for key, child in node.get("properties", {}).items():
        _collect(child, f"{path}.{key}" if path else key, key in node.get("required", ()), found)
    if isinstance(node.get("items"), dict):
        _collect(node["items"], f"{path}[]", False, found)
    for branch in node.get("anyOf", ()):
        _collect({**branch, "type": branch.get("type", [])}, path, required, found)
    for part in node.get("allOf", ()):
        kind = part.get("if", {}).get("properties", {}).get("type", {}).get("const")
        branch = {**part.get("then", {}), "type": []}
        # what only objects of one type must hold is known below the word for it
        _collect(branch, f"{path}.<{kind}>" if kind else path, required, found)
    if "x-as" in node:
        other, _, below = node["x-as"].partition(" ")
        _borrow(other, f"{below}." if below else "", path, found)


def _borrow(name: str, below: str, path: str, found: dict[str, Known]) -> None:
    """What another schema knows below one of its paths (given with its dot), known here below `path`."""
    for there, known in knowledge(name).items():
        if there.startswith(below):
            found.setdefault(f"{path}.{there.removeprefix(below)}", known)


def _is_integer(_: object, value: object) -> bool:
    """JSON Schema takes 34.0 for an integer; Go, Rust and Java do not."""
    return type(value) is int


_CLEAN: set[Hashable] = set()
_VALUED = frozenset({"const", "enum", "pattern"})


def _properties(validator: Any, properties: dict[str, Any], instance: Any, _: Any) -> Iterator[ValidationError]:
    """JSON Schema's own word; but what a part's signature has shown to be right is not looked at again. A route's
    answers differ in a part or two, and a walk over all of them is most of what judging costs."""
    for key, node in properties.items() if isinstance(instance, dict) else ():
        if key in instance and (mark := (id(node), _mark(node, instance[key]))) not in _CLEAN:
            errors = list(validator.descend(instance[key], node, path=key, schema_path=key))
            yield from errors
            if not errors:
                if len(_CLEAN) > 65_536:
                    _CLEAN.clear()
                _CLEAN.add(mark)


def _mark(node: dict[str, Any], value: Json) -> Hashable:
    """What the node can say of a value depends on."""
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
    """Of the schema of that name, or of what it says below one of its paths (`output[].content[]`)."""
    node = _load(name)
    for key in filter(None, below.split(".")):
        node = node["properties"][key.removesuffix("[]")]
        node = node["items"] if key.endswith("[]") else node
    return _STRICT(node)


def violations(name: str, value: Json) -> tuple[Violation, ...]:
    """Where the value breaks the schema of that name, at most MAX_VIOLATIONS of them, in document order."""
    found: dict[tuple[str, str], Violation] = {}
    for violation in (*_broken(_validator(name), value), *_borrowed(name, value)):
        found.setdefault((violation.path, violation.keyword), violation)
    return tuple(found.values())[:MAX_VIOLATIONS]


def _broken(validator: jsonschema.Draft202012Validator, value: Json) -> Iterator[Violation]:
    errors = itertools.islice(_leaves(validator.iter_errors(value)), MAX_VIOLATIONS)
    return (violation for error in errors for violation in _violations(error))


def _borrowed(name: str, value: Json) -> Iterator[Violation]:
    """Where a part is not what `x-as` says. That it lacks something depends on how far it has come: goldens tell."""
    for key, node in _load(name).get("properties", {}).items():
        if "x-as" in node and isinstance(value, dict) and isinstance(value.get(key), dict):
            other, _, below = node["x-as"].partition(" ")
            for v in _broken(_validator(other, below), value[key]):
                if v.keyword != "required":
                    yield replace(v, path=f"{key}.{v.path}")


def _leaves(errors: Iterator[ValidationError]) -> Iterator[ValidationError]:
    for error in errors:
        if error.validator in ("if", "allOf") and error.context:
            yield from _leaves(iter(error.context))
        else:
            yield error


def _violations(error: ValidationError) -> Iterator[Violation]:
    path = json_path(error.absolute_path)
    rules = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator == "required" and isinstance(error.instance, dict):
        yield from _missing(path, rules, error.instance)
        return
    null = error.instance is None and error.validator in ("type", "enum", "const")
    # null is no worse than nothing, unless the schema says so
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
