"""The prompt counts far fewer tokens than the golden's for the same request: it was cut on its way (US15)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_usage
from gate.rules.usage._prompt import cut, far, prompts


def check(comparison: Comparison) -> Iterator[Drift]:
    """Beyond what another tokenizer or chat template explains, or far fewer tokens than words; only for texts."""
    for pair, usual, count in prompts(comparison):
        if far(pair, count, min(usual)) or cut(pair, count, min(usual)):
            yield pair.drift(
                path="usage.prompt_tokens",
                message=f"the prompt has {count} tokens, the golden's {min(usual)}: it was cut on its way",
                golden=str(min(usual)),
                candidate=str(count),
            )


RULE = Rule(
    id="usage-prompt-cut",
    area="usage",
    # US15: the count alone shows it; tokenizers differ by less
    severity=Severity.RISKY,
    summary="the same prompt counts far fewer tokens",
    who_breaks="answers that ignore the beginning or the end of a long prompt, with status 200",
    hint="raise the context length of the server (num_ctx, max_model_len), and let it refuse what is too long",
    check=check,
    where=has_usage,
)
