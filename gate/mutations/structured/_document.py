"""The JSON that an answer holds where the request asked for structure."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Json
from gate.mutations._chat import retold, text
from gate.mutations._edit import asked


def schema_of(exchange: Exchange) -> Json:
    """The schema that was asked for; None without one."""
    wanted = member(asked(exchange, "response_format"), "json_schema")
    schema = member(wanted, "schema")
    return schema if isinstance(schema, dict) else None


def parsed(said: str) -> Json:
    """The JSON object in a text; None where it is none."""
    try:
        value = json.loads(said)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def restated(exchange: Exchange, say: Callable[[str], str]) -> Exchange | None:
    """The text of a structured answer replaced; None where no structure was asked for or none came."""
    kind = member(asked(exchange, "response_format"), "type")
    fits = kind in ("json_schema", "json_object") and parsed(text(exchange)) is not None
    return retold(exchange, say) if fits else None


def reshaped(exchange: Exchange, change: Callable[[dict[str, Any]], bool]) -> Exchange | None:
    """The object of an answer under a schema changed in place."""

    def say(said: str) -> str:
        value = parsed(said)
        return json.dumps(value) if isinstance(value, dict) and change(value) else said

    return restated(exchange, say) if schema_of(exchange) is not None else None


def pretty(exchange: Exchange) -> Exchange | None:
    """The same JSON on several lines."""
    return restated(exchange, lambda said: json.dumps(parsed(said), indent=2, ensure_ascii=False) + "\n")
