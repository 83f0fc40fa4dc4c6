"""Errors that pass for what the model said."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import is_text
from gate.mutations.facts import CHAT, asked
from gate.mutations.texts import Texts, with_text

_RAISED = "Error code: 503 - {'error': {'message': 'Overloaded'}}"


def _said(exchange: Exchange, text_of: Texts) -> Exchange | None:
    # a stop sequence may stand in the words, which no answer goes beyond
    fits = is_text(exchange, CHAT) and not asked(exchange, "stop")
    return with_text(exchange, text_of) if fits else None


def error_said(exchange: Exchange) -> Exchange | None:
    """An exception's words in place of the answer, with a clean stop: nothing is tried again."""
    return _said(exchange, lambda _: _RAISED)


def error_explained(exchange: Exchange) -> Exchange | None:
    """An answer that speaks of such words."""
    return _said(exchange, lambda text: f"{text} A client shows {_RAISED} then.")


MUTATIONS = (
    Row(
        drifts=("ER36",),
        severity=Severity.BREAKING,
        summary="an exception's words are the answer",
        caught_by=("error-as-text",),
        apply=error_said,
        twin=error_explained,
        exercised_by=("chat", "chat-stream"),
    ),
)
