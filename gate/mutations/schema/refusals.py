"""Refusals that get lost, or that come as text."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import messages
from gate.mutations.edit import in_docs
from gate.mutations.facts import CHAT
from gate.mutations.values import each, put, rename


def refusal_lost(exchange: Exchange) -> Exchange | None:
    """The field is dropped: the application shows a blank reply."""

    def change(part: dict[str, Any]) -> bool:
        return bool(part.get("refusal")) and put(part, "refusal", None)

    return in_docs(exchange, each(messages, change), CHAT)


def refusal_in_text(exchange: Exchange) -> Exchange | None:
    """The words of the refusal as content: code that tests `refusal` takes them for an answer."""

    def change(part: dict[str, Any]) -> bool:
        return bool(part.get("refusal")) and rename(part, "refusal", "content")

    return in_docs(exchange, each(messages, change), CHAT)


def refused_otherwise(exchange: Exchange) -> Exchange | None:
    """Other words of refusal."""

    def change(part: dict[str, Any]) -> bool:
        said = part.get("refusal")
        return isinstance(said, str) and bool(said) and put(part, "refusal", said.swapcase())

    return in_docs(exchange, each(messages, change), CHAT)


_REFUSING = ("json-schema-refusal", "json-schema-refusal-stream")

MUTATIONS = (
    Row(
        drifts=("S58",),
        severity=Severity.BREAKING,
        summary="the refusal is gone",
        caught_by=("refusal-lost",),
        apply=refusal_lost,
        twin=refused_otherwise,
        exercised_by=_REFUSING,
    ),
    Row(
        drifts=("S59",),
        severity=Severity.RISKY,
        summary="the refusal comes as the text of the answer",
        caught_by=("refusal-in-text",),
        apply=refusal_in_text,
        twin=refused_otherwise,
        exercised_by=_REFUSING,
    ),
)
