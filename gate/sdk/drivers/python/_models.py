"""JSON Schemas as the pydantic models that an application would have written."""

from __future__ import annotations

import pydantic


def model(schema):
    """A pydantic model of the JSON Schema's shape, as an application would have written it."""
    return _typed(schema["schema"], schema.get("name", "Answer"))


def _typed(schema, name):
    simple = {"string": str, "integer": int, "number": float, "boolean": bool}
    if schema.get("type") == "object":
        fields = {key: (_typed(value, f"{name}_{key}"), ...) for key, value in schema.get("properties", {}).items()}
        return pydantic.create_model(name, **fields)
    if schema.get("type") == "array":
        return list[_typed(schema.get("items", {}), name)]
    return simple.get(schema.get("type"), str)
