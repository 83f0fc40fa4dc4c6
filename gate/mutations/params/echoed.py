"""The prompt of a legacy completion in its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gate.endpoints import objects
from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.edit import in_plain
from gate.mutations.facts import COMPLETIONS, asked
from gate.mutations.values import each, put

_WORDS = 3  # of a prompt, from which echo-unasked tells it


def prompt_returned(exchange: Exchange) -> Exchange | None:
    """The prompt before the answer, and nobody asked for it: code that appends the text has it twice."""
    return _prefixed(exchange, lambda prompt: prompt)


def prompt_quoted(exchange: Exchange) -> Exchange | None:
    """The prompt's last word once more."""
    return _prefixed(exchange, lambda prompt: f" {prompt.split()[-1]}")


def _prefixed(exchange: Exchange, start_of: Callable[[str], str]) -> Exchange | None:
    prompt = asked(exchange, "prompt")
    if not isinstance(prompt, str) or len(prompt.split()) < _WORDS or asked(exchange, "echo"):
        return None

    def change(choice: dict[str, Any]) -> bool:
        text = choice.get("text")
        return isinstance(text, str) and put(choice, "text", start_of(prompt) + text)

    return in_plain(exchange, each(lambda doc: (choice for _, choice in objects(doc, "choices")), change), COMPLETIONS)


MUTATIONS = (
    Row(
        drifts=("PA42",),
        severity=Severity.RISKY,
        summary="the prompt comes before the answer",
        caught_by=("echo-unasked",),
        apply=prompt_returned,
        twin=prompt_quoted,
        exercised_by=("completions",),
    ),
)
