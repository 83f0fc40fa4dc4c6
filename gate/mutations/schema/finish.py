"""finish_reason that says something else than what happened, and other reasons beside it."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import answer, choices, finish_reason, finishing, is_text
from gate.mutations.edit import in_docs
from gate.mutations.facts import CHAT, COMPLETIONS, asked
from gate.mutations.harmless import again
from gate.mutations.values import drop, each, put

# Anthropic's end_turn and tool_use, Gemini's MAX_TOKENS (S15)
_NATIVE = {"stop": "end_turn", "length": "MAX_TOKENS", "tool_calls": "tool_use"}


def finish_native(exchange: Exchange) -> Exchange | None:
    """The provider's own stop reason is forwarded untranslated: typed clients fail, branches never match."""
    return in_docs(exchange, finishing(lambda reason: _NATIVE.get(str(reason))), CHAT, COMPLETIONS)


def native_beside_translated(exchange: Exchange) -> Exchange | None:
    """The native reason beside the translated one."""

    def change(choice: dict[str, Any]) -> bool:
        return bool(choice.get("finish_reason")) and put(choice, "native_finish_reason", "end_turn")

    return in_docs(exchange, each(choices, change), CHAT)


def stop_reason_number(exchange: Exchange) -> Exchange | None:
    """vLLM's `stop_reason` becomes the id of a token: typed consumers expect a string."""

    def change(choice: dict[str, Any]) -> bool:
        # 13: some token's id; vLLM sends the matched one (S19)
        return not isinstance(choice.get("stop_reason", 0), int) and put(choice, "stop_reason", 13)

    return in_docs(exchange, each(choices, change), CHAT, COMPLETIONS)


def stop_reason_left_out(exchange: Exchange) -> Exchange | None:
    """No stop_reason where it was null."""

    def change(choice: dict[str, Any]) -> bool:
        return choice.get("stop_reason", 0) is None and drop(choice, "stop_reason")

    return in_docs(exchange, each(choices, change), CHAT, COMPLETIONS)


def length_without_limit(exchange: Exchange) -> Exchange | None:
    """The engine calls stops of its own `length`: whole answers are recorded as cut, and asked for again."""
    limit, used = asked(exchange, "max_tokens"), member(answer(exchange).usage, "completion_tokens")
    # half of the limit: far from length-without-limit's 0.9
    below = type(limit) is int and type(used) is int and 2 * used < limit
    fits = below and is_text(exchange) and finish_reason(exchange) == "stop"
    return in_docs(exchange, finishing(lambda _: "length"), CHAT, COMPLETIONS) if fits else None


def truncation_hidden(exchange: Exchange) -> Exchange | None:
    """finish_reason is always `stop`: half answers are stored as whole ones."""
    limit = asked(exchange, "max_tokens") or asked(exchange, "max_completion_tokens")
    used = member(answer(exchange).usage, "completion_tokens")
    # without a count that reaches the limit, `stop` may be true (B25)
    cut_off = finish_reason(exchange) == "length" and type(limit) is int and used == limit
    fits = cut_off and len(answer(exchange).choices) == 1
    return in_docs(exchange, finishing(lambda _: "stop"), CHAT, COMPLETIONS) if fits else None


MUTATIONS = (
    Row(
        drifts=("S15",),
        severity=Severity.BREAKING,
        summary="finish_reason in a provider's own words",
        caught_by=("finish-reason-changed",),
        apply=finish_native,
        twin=native_beside_translated,
        exercised_by=("chat", "chat-stream", "tool-forced"),
    ),
    Row(
        drifts=("S19",),
        severity=Severity.RISKY,
        summary="stop_reason is a number",
        caught_by=("field-type-changed",),
        apply=stop_reason_number,
        twin=stop_reason_left_out,
        exercised_by=("stop",),
    ),
    Row(
        drifts=("S17",),
        severity=Severity.RISKY,
        summary="finish_reason length far below the limit",
        caught_by=("length-without-limit",),
        apply=length_without_limit,
        twin=again,
        exercised_by=("chat", "chat-stream-usage"),
    ),
    Row(
        drifts=("S16",),
        severity=Severity.BREAKING,
        summary="an answer cut at the limit ends with stop",
        caught_by=("truncation-hidden",),
        apply=truncation_hidden,
        twin=again,
        exercised_by=("max-tokens",),
    ),
)
