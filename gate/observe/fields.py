"""Which fields of a request the API knows, and what their absence stands for. Pure; the endpoints declare them."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Endpoint, Json

_MAX_DEPTH = 8  # levels; what lies deeper (schemas of tools) has names of a person's


def unknown_fields(endpoint: Endpoint, body: Json) -> list[str]:
    """Paths in a request's body that the API does not know, in order; none where the endpoint declares no fields.

    Real providers refuse them: `Unrecognized request argument supplied` (OpenAI), `extra_forbidden` (FastAPI).
    """
    return list(dict.fromkeys(_unknown(endpoint, body, "", 0))) if endpoint.fields else []


def is_known(endpoint: Endpoint, path: str) -> bool:
    """Whether the API knows a path; also where it lies below one whose members are a person's own."""
    return not endpoint.fields or path in endpoint.fields or not _declared(endpoint, path.rpartition(".")[0])


def is_default(endpoint: Endpoint, path: str, value: Json) -> bool:
    """Whether a value says no more than its absence would."""
    default = endpoint.fields.get(path, MISSING)
    return value is None or (default is not MISSING and bool(default == value))


def _unknown(endpoint: Endpoint, value: Json, path: str, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:200]:
            yield from _unknown(endpoint, item, f"{path}[]", depth + 1)
    elif isinstance(value, dict) and _declared(endpoint, path):
        for key, inner in value.items():
            below = f"{path}.{key}" if path else key
            if below in endpoint.fields:
                yield from _unknown(endpoint, inner, below, depth + 1)
            else:
                yield below


def _declared(endpoint: Endpoint, path: str) -> bool:
    """Whether the members of an object at that path are declared."""
    return not path or any(known.startswith(f"{path}.") for known in endpoint.fields)
