"""model-changed: the answer names another model than the request."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import ASK, Row, completion, plain


def asks(requested: str, named: str) -> Exchange:
    """A request for one model, and an answer that names the other."""
    return plain(completion(model=named), {**ASK, "model": requested})


CASES = (
    Row(
        "S25: the alias is resolved to the backend's name (router-for-me/CLIProxyAPI 3965)",
        asks("claude-sonnet-cx", "claude-sonnet-cx"),
        asks("claude-sonnet-cx", "gpt-5.5"),
        ("risky model",),
    ),
    Row(
        "the small model answers for the large one",
        asks("gpt-4o", "gpt-4o-2024-08-06"),
        asks("gpt-4o", "gpt-4o-mini-2024-07-18"),
        ("risky model",),
    ),
    Row("S25, benign twin, B04: a dated snapshot", asks("gpt-4o", "gpt-4o"), asks("gpt-4o", "gpt-4o-2024-08-06")),
    Row(
        "the candidate is asked for a model of its own and names it",
        asks("gpt-4o", "gpt-4o"),
        asks("meta-llama/Llama-3.3-70B-Instruct:groq", "llama-3.3-70b-instruct"),
    ),
    Row(
        "words in another order (openrouter-chat-j-21b8fa7b79)",
        asks("anthropic/claude-haiku-4.5", "anthropic/claude-haiku-4.5"),
        asks("anthropic/claude-haiku-4.5", "anthropic/claude-4.5-haiku-20251001"),
    ),
    Row(
        "an alias without a version stands for a version (deepseek-chat-j-df75838751)",
        asks("deepseek-chat", "deepseek-chat"),
        asks("deepseek-chat", "deepseek-v4-flash"),
    ),
    Row(
        "a golden whose own answer names another model: an Azure deployment",
        asks("my-deployment", "gpt-4o-2024-08-06"),
        asks("my-deployment", "gpt-4.1"),
    ),
)
