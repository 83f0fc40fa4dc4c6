"""The text of an answer: the rest of it gets lost, and the end is made up."""

from __future__ import annotations

import re

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import finish_reason, is_text
from gate.mutations.facts import CHAT
from gate.mutations.texts import with_text

# up to the last letter or digit, so that half a text does not end like a sentence
_TO_A_WORD = re.compile(r".*\w", re.DOTALL)


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
        same_text=True,
    ),
)
