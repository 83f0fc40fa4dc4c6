"""The text of an answer: the rest of it gets lost, the end is made up, a gateway changes it."""

from __future__ import annotations

import re

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import finish_reason, is_text
from gate.mutations.facts import CHAT
from gate.mutations.harmless import respaced
from gate.mutations.passages import answered_by
from gate.mutations.texts import with_text

# up to the last letter or digit, so that half a text does not end like a sentence
_TO_A_WORD = re.compile(r".*\w", re.DOTALL)
_WORD = re.compile(r"\w+")


def text_sealed(exchange: Exchange) -> Exchange | None:
    """Half of the text, and the finish of the whole: clients store half an answer as a complete one."""
    return with_text(exchange, _half) if is_text(exchange, CHAT) and finish_reason(exchange) == "stop" else None


def _half(text: str) -> str:
    half = _TO_A_WORD.match(text[: len(text) // 2])
    lost = half is not None and re.search(r"\w", text[half.end() :])
    return half[0] if half and lost else text


def last_mark_missing(exchange: Exchange) -> Exchange | None:
    """The whole text without the marks or blanks at its end."""
    fits = is_text(exchange, CHAT) and finish_reason(exchange) == "stop"
    return with_text(exchange, lambda text: text.rstrip(" \n.,!?") or text) if fits else None


def answer_masked(exchange: Exchange) -> Exchange | None:
    """A guardrail of the gateway masks a name: users read what the model did not say."""
    fits = is_text(exchange, CHAT)
    return answered_by(exchange, with_text(exchange, lambda text: _WORD.sub("*****", text, count=1))) if fits else None


def framed_anew(exchange: Exchange) -> Exchange | None:
    """The gateway writes the same answer in JSON of its own."""
    return answered_by(exchange, respaced(exchange))


MUTATIONS = (
    Row(
        drifts=("T07",),
        # T07 is breaking where a stream lacks its end; here only the golden's text shows that something is missing
        severity=Severity.RISKY,
        summary="half of the text, with the finish of the whole",
        caught_by=("text-ends-early",),
        apply=text_sealed,
        twin=last_mark_missing,
        exercised_by=("chat", "chat-stream"),
        needs="same text",
    ),
    Row(
        drifts=("RQ22",),
        severity=Severity.BREAKING,
        summary="a gateway masks a word of the answer",
        caught_by=("answer-rewritten",),
        apply=answer_masked,
        twin=framed_anew,
        exercised_by=("chat", "chat-stream"),
    ),
)
