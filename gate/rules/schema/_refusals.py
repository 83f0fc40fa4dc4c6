"""Choices without a refusal, where the golden refuses."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Choice, Comparison, Pair
from gate.observe.answer import choices, is_text


def refusals(comparison: Comparison) -> Iterator[tuple[Pair, Choice, str]]:
    """(pair, choice, what a golden sample said) of each choice that does not refuse; none where some golden sample
    answers."""
    for pair in comparison.answers:
        golden = [choice.refusal for sample in pair.golden for choice in choices(sample)]
        if golden and all(map(is_text, golden)):
            yield from ((pair, c, str(golden[0])) for c in choices(pair.candidate) if not is_text(c.refusal))
