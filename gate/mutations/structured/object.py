"""The object of an answer against the schema that was asked for: keys, types and values."""

from __future__ import annotations

import json
from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.facts import asked
from gate.mutations.structured.text import pretty, restated
from gate.mutations.values import Change, drop, every, parsed, put


def json_enum(exchange: Exchange) -> Exchange | None:
    """A value outside the schema's enum: exhaustive branches fall through."""
    listed = [key for key, values in _enums(exchange).items() if values]

    def change(value: dict[str, Any]) -> bool:
        key = next((key for key in listed if key in value), None)
        return key is not None and put(value, key, "none of these")

    return _reshaped(exchange, change)


def another_of_enum(exchange: Exchange) -> Exchange | None:
    """Another value of the enum."""
    listed = {key: values[-1] for key, values in _enums(exchange).items() if values}

    def change(value: dict[str, Any]) -> bool:
        return every((key for key in listed if key in value), lambda key: put(value, key, listed[key]))

    return _reshaped(exchange, change)


def json_key_added(exchange: Exchange) -> Exchange | None:
    """A key that the schema forbids: strict decoders refuse the answer."""
    strict = member(_schema(exchange), "additionalProperties") is False
    return _reshaped(exchange, lambda value: put(value, "explanation", "as asked")) if strict else None


def json_key_missing(exchange: Exchange) -> Exchange | None:
    """A required key is missing: typed clients raise now and then."""
    required = [key for key in members(_schema(exchange), "required") if isinstance(key, str)]
    return _reshaped(exchange, lambda value: any(drop(value, key) for key in required))


def json_null(exchange: Exchange) -> Exchange | None:
    """Null where the schema wants a value."""
    types = {key: member(schema, "type") for key, schema in _properties(exchange).items()}
    typed = [key for key, name in types.items() if isinstance(name, str) and name != "null"]

    def change(value: dict[str, Any]) -> bool:
        key = next((key for key in typed if value.get(key) is not None), None)
        return key is not None and put(value, key, None)

    return _reshaped(exchange, change)


def json_number_as_string(exchange: Exchange) -> Exchange | None:
    """A number of the schema comes as text: sums become concatenations."""

    def change(value: dict[str, Any]) -> bool:
        key = next((k for k, v in value.items() if isinstance(v, int | float) and not isinstance(v, bool)), None)
        return key is not None and put(value, key, str(value[key]))

    return _reshaped(exchange, change)


def _schema(exchange: Exchange) -> Json:
    """The schema that was asked for; None without one."""
    schema = member(member(asked(exchange, "response_format"), "json_schema"), "schema")
    return schema if isinstance(schema, dict) else None


def _properties(exchange: Exchange) -> dict[str, Json]:
    properties = member(_schema(exchange), "properties")
    return properties if isinstance(properties, dict) else {}


def _enums(exchange: Exchange) -> dict[str, list[Json]]:
    return {key: list(members(schema, "enum")) for key, schema in _properties(exchange).items()}


def _reshaped(exchange: Exchange, change: Change) -> Exchange | None:
    """The object of an answer under a schema changed in place."""

    def say(text: str) -> str:
        value = parsed(text)
        return json.dumps(value) if value is not None and change(value) else text

    return restated(exchange, say) if _schema(exchange) is not None else None


_SCHEMA = ("json-schema", "json-schema-stream")

MUTATIONS = (
    Row(
        drifts=("SO07",),
        severity=Severity.RISKY,
        summary="a value outside the schema's enum",
        caught_by=("json-schema-violated",),
        apply=json_enum,
        twin=another_of_enum,
        exercised_by=_SCHEMA,
    ),
    Row(
        drifts=("SO07",),
        severity=Severity.RISKY,
        summary="a key that the schema forbids",
        caught_by=("json-schema-violated",),
        apply=json_key_added,
        twin=pretty,
        exercised_by=_SCHEMA,
    ),
    Row(
        drifts=("SO07",),
        severity=Severity.RISKY,
        summary="a required key is missing",
        caught_by=("json-schema-violated",),
        apply=json_key_missing,
        twin=pretty,
        exercised_by=_SCHEMA,
    ),
    Row(
        drifts=("SO07",),
        severity=Severity.RISKY,
        summary="null where the schema wants a value",
        caught_by=("json-schema-violated",),
        apply=json_null,
        twin=pretty,
        exercised_by=_SCHEMA,
    ),
    Row(
        drifts=("SO07",),
        # SO07 is risky in the catalogue; a wrong type fails typed clients, strict or not (json-schema-violated)
        severity=Severity.BREAKING,
        summary="a number comes as a string",
        caught_by=("json-schema-violated",),
        apply=json_number_as_string,
        twin=pretty,
        exercised_by=_SCHEMA,
    ),
)
