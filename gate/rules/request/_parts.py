"""Which rule is about which part of a request, and how bad it is to lose one: the declared tables of the area."""

from __future__ import annotations

import re

from gate.model import Severity
from gate.wire.shape import indexless

_TOOLS = re.compile(r"(tools|functions)(\[|\Z)")
_SCHEMA = re.compile(r"(response_format\.json_schema|text\.format)\.schema(\W|\Z)")
_MESSAGES = re.compile(r"(messages|input|prompt)(\[\]|\Z)")
# https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options
_STREAM = frozenset({"stream", "stream_options", "stream_options.include_usage"})

# What a client can tell from the answer alone that it was lost: another answer, or none that it can read. The names are
# those of the reference: https://platform.openai.com/docs/api-reference (chat, responses, embeddings); tools are
# request-schema-rewritten's.
BREAKING = frozenset({
    "response_format", "text", "tool_choice", "function_call", "max_tokens",
    "max_completion_tokens", "max_output_tokens", "stop", "n", "dimensions", "encoding_format", "logprobs",
    "messages[].tool_call_id", "messages[].tool_calls", "messages[].content", "previous_response_id", "instructions",
})  # fmt: skip
# What the same reference says to serve the provider's bookkeeping or caches.
HARMLESS = frozenset({
    "user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "stream_options.include_obfuscation",
})  # fmt: skip


def part(path: str) -> str:
    """The part of a request that a path belongs to: `model`, `stream`, `tools`, `schema`, `messages`, or `field`."""
    plain = indexless(path)
    if plain == "model":
        return "model"
    if plain in _STREAM:
        return "stream"
    # a tool's `strict` is a field like others: what is lost is a promise, not the tool
    if _TOOLS.match(plain) and not plain.endswith(".strict"):
        return "tools"
    if _SCHEMA.match(plain):
        return "schema"
    return "messages" if _MESSAGES.match(plain) else "field"


def loss(path: str, value: object) -> Severity:
    """How bad it is that a field does not arrive. `value`: null says nothing, so that losing it is harmless."""
    plain = indexless(path)
    if value is None or plain in HARMLESS:
        return Severity.INFO
    return Severity.BREAKING if plain in BREAKING else Severity.RISKY
