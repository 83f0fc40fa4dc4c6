"""JSON texts read as strict parsers read them, and where a value breaks a JSON Schema that the request demands.

What breaks the endpoint's own schema is a violation, of `gate/endpoints/schemas/`.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry

from gate.endpoints import member
from gate.model import MISSING, Json
from gate.wire.paths import json_path
from gate.wire.shape import indexless, show

# A bound on time and on what is shown: a reader fixes the first few; a hostile answer (a list of a million wrong items)
# has no end.
MAX_BREACHES = 20

# Characters of a key that the remote chose, so that a path stays on one line of a report; 2,184 recorded answers have
# 47 at most.
_KEY = 60


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a value breaks a schema. `path` is relative to the value, "" for itself; `keyword` is JSON Schema's."""

    path: str
    keyword: str
    detail: str
    value: Json

    @property
    def key(self) -> tuple[str, str]:
        """What two samples must share to break a schema alike: the path without indexes, and the keyword."""
        return indexless(self.path), self.keyword

    @property
    def of_shape(self) -> bool:
        """A key is missing or has another type: typed clients reject that whether or not the request says `strict`."""
        return self.keyword in ("type", "required")

    def evidence(self, whole: Json) -> str:
        """The value that breaks the schema; the whole where that value is missing."""
        return show(whole if self.value is MISSING else self.value)

    def below(self, base: str) -> str:
        """The path from the body's root, where the validated value is at `base`."""
        joint = "." if self.path and not self.path.startswith("[") else ""
        return f"{base}{joint}{self.path}"


@dataclass(frozen=True, slots=True)
class Text:
    """A text read as strict JSON parsers read it: its value, or MISSING with the fault and its character offset."""

    value: Json
    fault: str = ""
    at: int = 0
    twice: str = ""  # a duplicate key: parsers keep the last value, or reject the text


def read(text: str) -> Text:
    """The JSON value of a text. NaN and Infinity are faults: few parsers but Python's accept them (RFC 8259, 6)."""
    twice: list[str] = []
    try:
        value = json.loads(text, parse_constant=_refuse, object_pairs_hook=lambda pairs: _object(pairs, twice))
        return Text(value, twice=twice[0] if twice else "")
    except json.JSONDecodeError as error:
        return Text(MISSING, error.msg, error.pos)
    # Python's parser recurses; the text is a string value of the answer, so `_parse` of exchange.py did not bound it
    except RecursionError:
        return Text(MISSING, "nested too deep")
    except ValueError as error:  # a constant, or a number of thousands of digits
        # Python stops at 4,300 digits: https://docs.python.org/3/library/stdtypes.html#int-max-str-digits
        return Text(MISSING, str(error)[:80])


def _object(pairs: list[tuple[str, Json]], twice: list[str]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) < len(pairs) and not twice:
        names = [name for name, _ in pairs]
        twice.append(next(name for name in value if names.count(name) > 1))
    return value


def _refuse(name: str) -> Json:
    raise ValueError(f"{name} is no JSON")


def breaches(schema: Json, value: Json) -> tuple[Breach, ...]:
    """Where the value breaks the schema, at most 20 places in the schema's order; none for an invalid schema."""
    if not isinstance(schema, dict):
        return ()
    try:
        first = {(b.path, b.keyword): b for b in itertools.islice(_breaches(schema, value), MAX_BREACHES)}
    except Exception:  # a request may hold anything as its schema, and jsonschema then raises anything
        return ()
    return tuple(first.values())


def _breaches(schema: dict[str, Json], value: Json) -> Iterator[Breach]:
    # 2020-12 where the request names no dialect: the newest, and the default of jsonschema
    known = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    # an empty registry: a $ref to another document must never be fetched
    for error in _bounded(known)(schema, registry=Registry()).iter_errors(value):
        yield from _read(best_match(iter((error,))) or error)


@functools.cache
def _bounded(known: Any) -> Any:
    """The dialect without keywords that a hostile value can make run for hours, and that few servers enforce."""
    extend: Any = jsonschema.validators.extend
    # `pattern`: Python's `re` may backtrack for hours; `uniqueItems` compares all pairs
    return extend(known, dict.fromkeys(("pattern", "uniqueItems"), _nothing))


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
    # `anyOf: [{type: string}, {type: null}]` is how pydantic writes an optional value: that is one wrong type
    elif keyword in ("anyOf", "oneOf") and all(e.validator == "type" and not e.path for e in error.context or ()):
        yield Breach(path, "type", _must_be(e.validator_value for e in error.context or ()), instance)
    else:
        yield Breach(path, keyword, _detail(keyword, error.validator_value), instance)


def _join(path: str, key: str) -> str:
    return f"{path}.{key[:_KEY]}" if path else key[:_KEY]


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _must_be(types: Iterable[Json]) -> str:
    return "must be " + " or ".join(str(name) for kind in types for name in _listed(kind))


def _detail(keyword: str, wanted: Json) -> str:
    words = {"enum": "must be one of", "const": "must be"}
    return _must_be([wanted]) if keyword == "type" else f"{words.get(keyword, f'breaks {keyword}')} {show(wanted, 80)}"
