"""What a later turn of a conversation echoes of the reply before it, and what is left of a request without it."""

from __future__ import annotations

from gate.model import Json

# What an echoed reply holds of the recording that it came from.
_ECHOED = frozenset({"id", "call_id", "tool_call_id", "previous_response_id"})


def outline(value: Json) -> Json:
    """A request's value without what it echoes: assistants' turns, calls and reasoning keep their kind alone."""
    match value:
        case {"role": "assistant"}:
            return {"role": "assistant"}
        case {"type": "function_call" | "reasoning" as kind}:
            return {"type": kind}
        case dict():
            return {key: outline(item) for key, item in value.items() if key not in _ECHOED}
        case list():
            return [outline(item) for item in value]
        case _:
            return value
