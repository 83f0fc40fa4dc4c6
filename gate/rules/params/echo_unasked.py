"""The prompt comes before the answer of the legacy API, and nobody asked for it (PA42)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import answered, choices
from gate.observe.request import asked
from gate.wire.shape import show

# Different words of a prompt. Chosen: what goes on with one or two, or with "ha ha ha", may well say them again
_WORDS = 3


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where no golden answer begins with its prompt."""
    for pair, path in unseen(comparison, _echoed):
        yield pair.drift(
            path=path,
            message="the text begins with the prompt, and the request does not say echo",
            golden="what follows the prompt",
            candidate=show(next(choice.text for choice in choices(pair.candidate) if choice.content_path == path), 60),
        )


def _echoed(observation: Observation) -> str:
    """The path of the first text that begins with a prompt."""
    prompt = asked(observation, "prompt")
    prompts = [text for text in (prompt if isinstance(prompt, list) else [prompt]) if isinstance(text, str)]
    long = tuple(text for text in prompts if len(set(text.split())) >= _WORDS)
    if not long or asked(observation, "echo") or not answered(observation):
        return ""
    return next((choice.content_path for choice in choices(observation) if choice.text.startswith(long)), "")


RULE = Rule(
    id="echo-unasked",
    area="params",
    # PA42: the answer is there, behind what nobody asked for
    severity=Severity.RISKY,
    summary="the answer begins with the prompt, though nobody asked for an echo",
    who_breaks="code that appends the text to its prompt, and what parses or shows the text: the prompt comes twice",
    hint="let the server return the new text alone (return_full_text: false)",
    check=check,
)
