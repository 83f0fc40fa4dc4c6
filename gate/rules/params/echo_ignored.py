"""`echo: true` of the legacy API, and the answer does not begin with the prompt (PA41)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Choice, Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import choices
from gate.observe.request import asked
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where every golden answer begins with it."""
    for pair in comparison.answers:
        prompt = asked(pair.candidate, "prompt")
        prompts = prompt if isinstance(prompt, list) else [prompt]
        if asked(pair.candidate, "echo") is True and all(isinstance(text, str) and text for text in prompts):
            if any(_silent(golden, prompts) for golden in pair.golden):
                continue
            for choice in _silent(pair.candidate, prompts)[:1]:
                yield pair.drift(
                    path=choice.content_path,
                    message="the text does not begin with the prompt, although the request says echo",
                    golden=show(prompts[0], 60),
                    candidate=show(choice.text, 60),
                )


def _silent(observation: Observation, prompts: list[str]) -> list[Choice]:
    """The choices that do not begin with their prompt; with n of them for each, those of one prompt are together."""
    found = choices(observation)
    each = len(found) // len(prompts)
    if not each or len(found) % len(prompts):
        return [choice for choice in found if not choice.text.startswith(tuple(prompts))]
    return [choice for place, choice in enumerate(found) if not choice.text.startswith(prompts[place // each])]


RULE = Rule(
    id="echo-ignored",
    area="params",
    # PA41: scores of prompts are read at offsets in the text
    severity=Severity.BREAKING,
    summary="echo is ignored: the answer does not begin with the prompt",
    who_breaks="evaluation harnesses that score prompts by echo and logprobs: wrong numbers, or an IndexError",
    hint="choose a route that honours echo",
    check=check,
)
