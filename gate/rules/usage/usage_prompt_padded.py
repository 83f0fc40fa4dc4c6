"""The prompt counts far more tokens than the golden's for the same request: something was added to it (US16)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_usage
from gate.rules.usage._prompt import far, prompts


def check(comparison: Comparison) -> Iterator[Drift]:
    """Beyond what another tokenizer or chat template explains, and only for requests of nothing but text."""
    for pair, usual, count in prompts(comparison):
        if far(pair, max(usual), count):
            yield pair.drift(
                path="usage.prompt_tokens",
                message=f"the prompt has {count} tokens, the golden's {max(usual)}: something was added to it",
                golden=str(max(usual)),
                candidate=str(count),
            )


RULE = Rule(
    id="usage-prompt-padded",
    area="usage",
    # US16: the count alone shows it; tokenizers differ by less
    severity=Severity.RISKY,
    summary="the same prompt counts far more tokens",
    who_breaks="bills and context limits; instructions that nobody wrote change the answers",
    hint="look for a gateway or template that adds instructions, tools or history",
    check=check,
    where=has_usage,
)
