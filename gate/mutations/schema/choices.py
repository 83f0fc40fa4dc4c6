"""The choices of an answer: none at all, their message and its content, a legacy call, log probabilities."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import choices, messages
from gate.mutations.edit import in_docs, in_plain
from gate.mutations.facts import CHAT, COMPLETIONS, served
from gate.mutations.harmless import again, filter_results, nulls_toggled, other_headers
from gate.mutations.harmless_streams import role_without_content
from gate.mutations.replies import rewritten
from gate.mutations.values import drop, each, every, put


def answer_empty(exchange: Exchange) -> Exchange | None:
    """Success, and not a byte in the body."""
    has_body = bool(exchange.response and exchange.response.body)
    return rewritten(exchange, b"", chunks=()) if served(exchange) and has_body else None


def choices_empty(exchange: Exchange) -> Exchange | None:
    """Success without a single choice: `choices[0]` raises."""

    def change(doc: Json) -> bool:
        return bool(members(doc, "choices")) and put(doc, "choices", [])

    return in_plain(exchange, change, CHAT, COMPLETIONS)


# -- messages -------------------------------------------------------------------------------------


def message_missing(exchange: Exchange) -> Exchange | None:
    """A choice without a message, as when nothing visible was generated."""
    return in_docs(exchange, each(choices, lambda choice: drop(choice, "message")), CHAT)


def content_missing(exchange: Exchange) -> Exchange | None:
    """`content` is left out where it was null: typed clients want the key."""

    def change(message: dict[str, Any]) -> bool:
        return message.get("content", 0) is None and drop(message, "content")

    return in_plain(exchange, each(messages, change), CHAT)


def content_parts(exchange: Exchange) -> Exchange | None:
    """Content comes as an array of parts: string operations crash or print `[object Object]`."""

    def change(message: dict[str, Any]) -> bool:
        text = message.get("content")
        return isinstance(text, str) and bool(text) and put(message, "content", [{"type": "text", "text": text}])

    return in_docs(exchange, each(messages, change), CHAT)


def function_call_stub(exchange: Exchange) -> Exchange | None:
    """A legacy `function_call` without a name: clients that still know it dispatch an empty function."""

    def change(doc: Json) -> bool:
        ended = {"choices": [choice for choice in choices(doc) if choice.get("finish_reason")]}
        return every(messages(ended), lambda part: put(part, "function_call", {"name": "", "arguments": ""}))

    return in_docs(exchange, change, CHAT)


def function_call_null(exchange: Exchange) -> Exchange | None:
    """`function_call: null`."""
    return in_docs(exchange, each(messages, lambda part: put(part, "function_call", None)), CHAT)


# -- log probabilities ----------------------------------------------------------------------------


def logprobs_number(exchange: Exchange) -> Exchange | None:
    """`logprobs` is one number in place of an object: the official client raises AttributeError."""

    def change(choice: dict[str, Any]) -> bool:
        return isinstance(choice.get("logprobs", 0), dict | None) and put(choice, "logprobs", -0.5)

    return in_docs(exchange, each(choices, change), CHAT)


def logprob_null(exchange: Exchange) -> Exchange | None:
    """The first token has no log probability and no alternatives: clients show no message at all."""

    def change(token: Json) -> bool:
        return drop(token, "top_logprobs") and put(token, "logprob", None)

    return in_docs(exchange, each(_first_tokens, change), CHAT)


def other_logprobs(exchange: Exchange) -> Exchange | None:
    """Other probabilities (B19)."""

    def change(token: Json) -> bool:
        number = member(token, "logprob")
        # chosen; no source: a probability that moves by 0.1 % (B19)
        return isinstance(number, float) and put(token, "logprob", number - 0.001)

    return in_docs(exchange, each(_first_tokens, change), CHAT)


def _first_tokens(doc: Json) -> list[Json]:
    return [token for choice in choices(doc) for token in members(member(choice, "logprobs"), "content")[:1]]


_CHAT = ("chat", "chat-stream")

MUTATIONS = (
    Row(
        drifts=("ER21",),
        # ER21 is risky for an error; an empty success has nothing to read
        severity=Severity.BREAKING,
        summary="a success with an empty body",
        caught_by=("body-not-json", "stream-not-sse", "media-format-changed"),
        apply=answer_empty,
        twin=other_headers,
        exercised_by=("chat", "chat-stream", "embed"),
    ),
    Row(
        drifts=("S05",),
        severity=Severity.BREAKING,
        summary="choices is empty",
        caught_by=("list-empty",),
        apply=choices_empty,
        twin=filter_results,
        exercised_by=("chat",),
    ),
    Row(
        drifts=("S06",),
        severity=Severity.BREAKING,
        summary="a choice has no message",
        caught_by=("field-missing",),
        apply=message_missing,
        twin=nulls_toggled,
        exercised_by=("chat", "tool-forced"),
    ),
    Row(
        drifts=("S07",),
        severity=Severity.RISKY,
        summary="a message has no content key",
        caught_by=("field-missing",),
        apply=content_missing,
        twin=role_without_content,
        exercised_by=("tool-forced",),
    ),
    Row(
        drifts=("S10",),
        severity=Severity.BREAKING,
        summary="content is an array of parts",
        caught_by=("field-type-changed",),
        apply=content_parts,
        twin=again,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S29",),
        severity=Severity.RISKY,
        summary="an empty legacy function_call",
        caught_by=("field-added",),
        apply=function_call_stub,
        twin=function_call_null,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S23",),
        # S23 is risky for entries; a number in place of the object raises AttributeError (field-type-changed's row)
        severity=Severity.BREAKING,
        summary="logprobs is a number",
        caught_by=("field-type-changed",),
        apply=logprobs_number,
        twin=nulls_toggled,
        exercised_by=("chat", "logprobs"),
    ),
    Row(
        drifts=("S23",),
        severity=Severity.RISKY,
        summary="logprobs without a number and without alternatives",
        caught_by=("logprobs-incomplete",),
        apply=logprob_null,
        twin=other_logprobs,
        exercised_by=("logprobs",),
    ),
)
