"""Arguments of tool calls that are right before a mutation spoils them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from gate.model import Exchange, Json
from gate.mutations._chat import reargued


def parsed(arguments: str) -> dict[str, Any] | None:
    """The object in a JSON text; None where it is none."""
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def spoiled(exchange: Exchange, spoil: Callable[[str, dict[str, Any]], Json]) -> Exchange | None:
    """Every argument text that holds an object replaced; `spoil` gets the text and the object."""

    def change(arguments: str) -> Json:
        value = parsed(arguments)
        return arguments if value is None else spoil(arguments, value)

    return reargued(exchange, change)
