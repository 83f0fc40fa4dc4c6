"""Reasoning beside the answer, in it, or in place of it."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import calls_tools, finish_reason, finishing, is_text, messages, text
from gate.mutations.edit import in_docs, in_plain
from gate.mutations.facts import CHAT
from gate.mutations.harmless import again
from gate.mutations.texts import with_text
from gate.mutations.values import each, every, put, rename


def reasoning_eats_answer(exchange: Exchange) -> Exchange | None:
    """Hidden reasoning counts against max_tokens: the budget is gone before the answer starts."""

    def moved(part: dict[str, Any]) -> bool:
        if not part.get("content"):
            return False
        part["reasoning_content"] = part["content"]
        return put(part, "content", "")

    def change(doc: Json) -> bool:
        return every((each(messages, moved), finishing(lambda _: "length")), lambda part: part(doc))

    fits = is_text(exchange, CHAT) and finish_reason(exchange) == "stop" and text(exchange)
    return in_docs(exchange, change, CHAT) if fits else None


def reasoning_renamed(exchange: Exchange) -> Exchange | None:
    """`reasoning_content` becomes `reasoning`: clients that read the old key silently get nothing."""

    def change(part: dict[str, Any]) -> bool:
        fits = bool(part.get("reasoning_content")) and "reasoning" not in part
        return fits and rename(part, "reasoning_content", "reasoning")

    return in_docs(exchange, each(messages, change), CHAT)


def reasoning_mirrored(exchange: Exchange) -> Exchange | None:
    """Both keys, with the same text: clients that read both show each thought twice."""

    def change(part: dict[str, Any]) -> bool:
        return bool(part.get("reasoning_content")) and put(part, "reasoning", part["reasoning_content"])

    return in_docs(exchange, each(messages, change), CHAT)


def reasoning_beside_null(exchange: Exchange) -> Exchange | None:
    """Both keys, one of them null."""

    def change(part: dict[str, Any]) -> bool:
        return bool(part.get("reasoning_content")) and put(part, "reasoning", None)

    return in_docs(exchange, each(messages, change), CHAT)


def reasoning_repeats_answer(exchange: Exchange) -> Exchange | None:
    """The answer as its own reasoning: clients that show reasoning show it twice."""

    def change(part: dict[str, Any]) -> bool:
        return bool(part.get("content")) and put(part, "reasoning_content", part["content"])

    return in_docs(exchange, each(messages, change), CHAT) if is_text(exchange, CHAT) else None


def reasoning_in_front(exchange: Exchange) -> Exchange | None:
    """The answer begins with the reasoning, which is under its own key as well: users read the thoughts."""

    def change(part: dict[str, Any]) -> bool:
        thought, said = part.get("reasoning_content"), part.get("content")
        return bool(thought and said) and put(part, "content", f"{thought}\n\n{said}")

    return in_plain(exchange, each(messages, change), CHAT)


def reasoning_appears(exchange: Exchange) -> Exchange | None:
    """Reasoning of its own, this time (B17)."""

    def change(part: dict[str, Any]) -> bool:
        return "content" in part and "reasoning_content" not in part and put(part, "reasoning_content", "Hm.")

    return in_plain(exchange, each(messages, change), CHAT) if is_text(exchange, CHAT) else None


def think_tags(exchange: Exchange) -> Exchange | None:
    """The route's reasoning parser is off: `<think>…</think>` becomes part of the answer."""
    return _thinking(exchange, "<think>\nThe user asks. I answer.\n</think>\n\n")


def think_closing_tag(exchange: Exchange) -> Exchange | None:
    """The prompt template opened the tag, so only `</think>` comes: strippers of pairs miss it."""
    return _thinking(exchange, "The user asks. I answer.\n</think>\n")


def _thinking(exchange: Exchange, thought: str) -> Exchange | None:
    """The text after a thought; None where it has tags of its own."""

    def after(text: str) -> str:
        # a golden with such tags excuses them: the rule would rightly stay silent
        return text if "think>" in text else f"{thought}{text}"

    return None if calls_tools(exchange) else with_text(exchange, after)


_CHAT = ("chat", "chat-stream")

MUTATIONS = (
    Row(
        drifts=("S09",),
        severity=Severity.BREAKING,
        summary="reasoning and no answer, finish_reason length",
        caught_by=("answer-empty",),
        apply=reasoning_eats_answer,
        twin=again,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S11",),
        severity=Severity.BREAKING,
        summary="reasoning_content is called reasoning",
        caught_by=("reasoning-renamed",),
        apply=reasoning_renamed,
        twin=reasoning_beside_null,
        exercised_by=("param-reasoning-effort", "chat"),
    ),
    Row(
        drifts=("S56",),
        severity=Severity.RISKY,
        summary="the same reasoning under two keys",
        caught_by=("reasoning-mirrored",),
        apply=reasoning_mirrored,
        twin=reasoning_beside_null,
        exercised_by=("param-reasoning-effort", "chat"),
    ),
    Row(
        drifts=("S56",),
        severity=Severity.RISKY,
        summary="the reasoning in front of the answer as well",
        caught_by=("reasoning-mirrored",),
        apply=reasoning_in_front,
        twin=reasoning_beside_null,
        exercised_by=("param-reasoning-effort",),
    ),
    Row(
        drifts=("S57",),
        severity=Severity.RISKY,
        summary="the answer as its own reasoning",
        caught_by=("reasoning-repeats-answer",),
        apply=reasoning_repeats_answer,
        twin=reasoning_appears,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S12",),
        severity=Severity.BREAKING,
        summary="<think> tags in the answer",
        caught_by=("think-tags-in-content",),
        apply=think_tags,
        twin=again,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S13",),
        severity=Severity.BREAKING,
        summary="</think> without its opening in the answer",
        caught_by=("think-tags-in-content",),
        apply=think_closing_tag,
        twin=again,
        exercised_by=_CHAT,
    ),
)
