"""A part of usage is larger than the count that contains it (US13)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.usage import COMPLETION, COMPLETION_DETAILS, PROMPT, tokens, usage
from gate.rules.usage._usage import DETAILS

# https://platform.openai.com/docs/api-reference/chat/object#chat/object-usage; tokens written to a cache are no part
_PARTS = frozenset({"cached_tokens", "reasoning_tokens", "audio_tokens", "text_tokens", "image_tokens"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Reasoning above completion tokens, cached above prompt tokens; both may be equal."""
    for pair, (path, part, whole) in unseen(comparison, _excess):
        yield pair.drift(
            path=f"usage.{path}",
            message=f"{path.rpartition('.')[2]} is larger than the count that should contain it",
            golden=f"at most {whole}",
            candidate=str(part),
        )


def _excess(observation: Observation) -> tuple[str, int, int] | None:
    counts = usage(observation) or {}
    for details, names in ((DETAILS, PROMPT), (COMPLETION_DETAILS, COMPLETION)):
        whole = tokens(counts, *names)
        for key in details if whole is not None else ():
            parts = counts.get(key)
            for name, part in parts.items() if isinstance(parts, dict) else ():
                # not isinstance: true is an int in Python
                if name in _PARTS and whole is not None and type(part) is int and part > whole:
                    return f"{key}.{name}", part, whole
    return None


RULE = Rule(
    id="usage-part-exceeds",
    area="usage",
    # US13: bills and budgets; what subtracts the part from the whole goes below zero
    severity=Severity.RISKY,
    summary="a part of usage is larger than the whole",
    who_breaks="cost formulas that subtract reasoning or cached tokens get negative numbers; ratios above 100 %",
    hint="count reasoning into completion tokens, and cached tokens into prompt tokens",
    check=check,
)
