"""Whether a request brings results of tools. Pure."""

from __future__ import annotations

from gate.model import Json

# `function` is the deprecated one: https://platform.openai.com/docs/api-reference/chat/create#chat-create-messages
_ROLES = frozenset({"tool", "function"})


def has_results(body: Json) -> bool:
    """Whether the conversation of a request ends in the result of a tool: chat's, or the Responses API's.

    https://platform.openai.com/docs/guides/function-calling
    """
    if not isinstance(body, dict):
        return False
    said = body.get("messages", body.get("input"))
    last = said[-1] if isinstance(said, list) and said else None
    return isinstance(last, dict) and (last.get("role") in _ROLES or last.get("type") == "function_call_output")
