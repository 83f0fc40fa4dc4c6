"""What a request demands of its answer: the JSON Schemas of its tools and of its output, and how a value breaks them.

https://platform.openai.com/docs/guides/structured-outputs, https://platform.openai.com/docs/guides/function-calling
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry

from gate.endpoints import member, members
from gate.endpoints.schemas import json_path
from gate.model import MISSING, Json, Observation
from gate.observe.answer import asked
from gate.wire.shape import show

MAX_BREACHES = 20
_KEY = 60  # characters of a key that someone invented


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool that the request offers. `schema` is that of its arguments, MISSING where it takes any."""

    name: str
    schema: Json
    strict: bool


@dataclass(frozen=True, slots=True)
class Output:
    """The JSON that the request asks for as its answer. For `json_object` the schema asks for an object alone."""

    schema: Json
    strict: bool


@dataclass(frozen=True, slots=True)
class Breach:
    """A value that breaks a demanded schema; `path` is below the value, "" for itself."""

    path: str
    keyword: str
    detail: str
    value: Json

    def below(self, base: str) -> str:
        """The path of the value in a body in which `base` holds the whole."""
        joint = "." if self.path and not self.path.startswith("[") else ""
        return f"{base}{joint}{self.path}"


def tools(found: Observation) -> Mapping[str, Tool]:
    """The functions that the request offers, by name; chat nests them under `function`, responses does not."""
    offered = [*members(found.request, "tools"), *members(found.request, "functions")]
    functions = [member(t, "function") if isinstance(member(t, "function"), dict) else t for t in offered]
    return {
        f["name"]: Tool(f["name"], member(f, "parameters"), member(f, "strict") is True)
        for f in functions
        if isinstance(member(f, "name"), str)
    }


def offers_tools(found: Observation) -> bool:
    """Whether the request brings tools at all, or the functions of old."""
    return bool(asked(found, "tools") or asked(found, "functions"))


def offers_only(found: Observation, types: Set[str]) -> bool:
    """Whether every tool of the request is of these types: built-in tools of a provider have names of their own."""
    kinds = [member(tool, "type") for tool in members(found.request, "tools")]
    return all(isinstance(kind, str) and kind in types for kind in kinds)


def output_format(found: Observation) -> Json:
    """What the request says of the answer's form, falsy where it says nothing; the Responses API nests it in `text`."""
    return asked(found, "response_format") or asked(found, "text", "format")


def output(found: Observation) -> Output | None:
    """The JSON that the request asks for; None where it asks for none."""
    wanted = output_format(found)
    kind = member(wanted, "type")
    if kind == "json_object":
        return Output({"type": "object"}, False)
    if kind != "json_schema":
        return None
    inner = member(wanted, "json_schema")
    inner = inner if isinstance(inner, dict) else wanted
    return Output(member(inner, "schema"), member(inner, "strict") is True)


@dataclass(frozen=True, slots=True)
class Text:
    """A text read as strict JSON parsers read it: its value, or MISSING with the fault and where it lies."""

    value: Json
    fault: str = ""
    at: int = 0
    twice: str = ""  # a key that one object has twice: parsers keep the last, or refuse the text


def read(text: str) -> Text:
    """The JSON value of a text. NaN and Infinity are faults: no parser but Python's takes them."""
    twice: list[str] = []
    try:
        value = json.loads(text, parse_constant=_refuse, object_pairs_hook=lambda pairs: _object(pairs, twice))
        return Text(value, twice=twice[0] if twice else "")
    except json.JSONDecodeError as error:
        return Text(MISSING, error.msg, error.pos)
    except RecursionError:
        return Text(MISSING, "nested too deep")
    except ValueError as error:  # a constant, or a number of thousands of digits
        return Text(MISSING, str(error)[:80])


def _object(pairs: list[tuple[str, Json]], twice: list[str]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) < len(pairs) and not twice:
        names = [name for name, _ in pairs]
        twice.append(next(name for name in value if names.count(name) > 1))
    return value


def _refuse(name: str) -> Json:
    raise ValueError(f"{name} is no JSON")


# -- breaches -----------------------------------------------------------------------------------


def breaches(schema: Json, value: Json) -> tuple[Breach, ...]:
    """Where the value breaks the schema, in the schema's order. A schema that is no schema demands nothing."""
    if not isinstance(schema, dict):
        return ()
    try:
        found = {(b.path, b.keyword): b for b in itertools.islice(_breaches(schema, value), MAX_BREACHES)}
    except Exception:  # a request may hold anything under this name, and the validator then raises anything
        return ()
    return tuple(found.values())


def _breaches(schema: dict[str, Json], value: Json) -> Iterator[Breach]:
    known = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    # an empty registry: a $ref to elsewhere must never make us fetch something
    for error in _bounded(known)(schema, registry=Registry()).iter_errors(value):
        yield from _read(best_match(iter((error,))) or error)


@functools.cache
def _bounded(known: Any) -> Any:
    """The dialect without the words that let a hostile value run for hours, and that few servers enforce."""
    extend: Any = jsonschema.validators.extend
    return extend(known, dict.fromkeys(("pattern", "uniqueItems", "format"), _nothing))


def _nothing(*_: object) -> Iterator[ValidationError]:
    return iter(())


def _read(error: ValidationError) -> Iterator[Breach]:
    path, keyword, instance = json_path(error.absolute_path), str(error.validator), error.instance
    if keyword == "required" and isinstance(instance, dict):
        for key in _listed(error.validator_value):
            if key not in instance:
                yield Breach(_join(path, key), keyword, "is missing", MISSING)
    elif keyword == "additionalProperties" and isinstance(instance, dict):
        known = member(error.schema, "properties") or {}
        for key in itertools.islice((k for k in instance if k not in known), MAX_BREACHES):
            yield Breach(_join(path, key), keyword, "is a key that the schema forbids", instance[key])
    elif keyword in ("anyOf", "oneOf") and all(e.validator == "type" and not e.path for e in error.context or ()):
        yield Breach(path, "type", _must_be(e.validator_value for e in error.context or ()), instance)
    else:
        yield Breach(path, keyword, _detail(keyword, error.validator_value), instance)


def _join(path: str, key: str) -> str:
    return f"{path}.{key[:_KEY]}" if path else key[:_KEY]


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _must_be(types: Iterable[Json]) -> str:
    return "must be " + " or ".join(str(one) for kind in types for one in _listed(kind))


def _detail(keyword: str, wanted: Json) -> str:
    words = {"enum": "must be one of", "const": "must be"}
    return _must_be([wanted]) if keyword == "type" else f"{words.get(keyword, f'breaks {keyword}')} {show(wanted, 80)}"
