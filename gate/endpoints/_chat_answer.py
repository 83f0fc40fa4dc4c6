"""The answer of a chat completion as every endpoint's is read."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member, members, objects, text_of
from gate.endpoints._fold import index_of
from gate.model import MISSING, Answer, Choice, Json, ToolCall

# `reasoning_content` is DeepSeek's and vLLM's key, `reasoning` OpenRouter's and vLLM's from 0.16 on (S11),
# `reasoning_text` GitHub Copilot's, `thinking` Ollama's own: https://docs.ollama.com/capabilities/thinking
REASONING = ("reasoning_content", "reasoning", "reasoning_text", "thinking")


def read(body: Json) -> Answer:
    """The answer of a chat completion, plain or folded."""
    choices = tuple(_choice(choice, place) for place, choice in objects(body, "choices"))
    return Answer(body, choices, member(body, "usage"), member(body, "model"), member(body, "id"))


def _choice(choice: dict[str, Any], place: int) -> Choice:
    path, message = f"choices[{place}]", member(choice, "message")
    content = member(message, "content")
    # the first that is not empty: routes in transition send both with the same text (S11's twin)
    reasoning = next((text for key in REASONING if (text := member(message, key))), MISSING)
    return Choice(
        path=f"{path}.message",
        index=index_of(choice, place),
        role=member(message, "role"),
        content=content,
        content_path=f"{path}.message.content",
        text=text_of(content),
        reasoning=reasoning if isinstance(reasoning, str) else "",
        refusal=member(message, "refusal"),
        finish=choice.get("finish_reason", MISSING),
        finish_path=f"{path}.finish_reason",
        tool_calls=tuple(
            _tool_call(c, f"{path}.message.tool_calls[{i}]") for i, c in enumerate(members(message, "tool_calls"))
        )
        or _function_call(message, f"{path}.message.function_call"),
    )


def _function_call(message: Json, path: str) -> tuple[ToolCall, ...]:
    """The legacy `function_call`, which has neither id nor type; an empty stub does not count (S29)."""
    call = member(message, "function_call")
    name = member(call, "name")
    return (ToolCall(path, MISSING, "function", name, member(call, "arguments")),) if name else ()


def _tool_call(call: Json, path: str) -> ToolCall:
    if member(call, "type") == "custom" and "custom" in call:
        custom = member(call, "custom")
        return ToolCall(path, member(call, "id"), "custom", member(custom, "name"), member(custom, "input"))
    function = member(call, "function")
    return ToolCall(
        path, member(call, "id"), member(call, "type"), member(function, "name"), member(function, "arguments")
    )
