"""A part of usage is larger than the count that contains it (US13)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.scopes import has_usage
from gate.observe.usage import COMPLETION, COMPLETION_DETAILS, PROMPT, tokens, usage
from gate.rules.usage._usage import DETAILS

# https://platform.openai.com/docs/api-reference/chat/object#chat/object-usage; tokens written to a cache are no part
_PARTS = frozenset({
    "cached_tokens", "reasoning_tokens", "audio_tokens", "text_tokens", "image_tokens",
    "accepted_prediction_tokens", "rejected_prediction_tokens",
})  # fmt: skip
# of which a token can only be one
_MODALITIES = ("text_tokens", "audio_tokens", "image_tokens")
# What vendors have beside the counts: DeepSeek's (https://api-docs.deepseek.com/guides/kv_cache), Mistral's, and
# Perplexity's. Anthropic's own are no part of input_tokens.
_BESIDE_PROMPT = frozenset(
    {"cached_tokens", "prompt_cache_hit_tokens", "prompt_cache_miss_tokens", "num_cached_tokens"}
)
_BESIDE_COMPLETION = frozenset({"reasoning_tokens"})
# the word of transcriptions: https://platform.openai.com/docs/api-reference/audio/json-object
_OF_PROMPT = (*DETAILS, "input_token_details")
_OF_COMPLETION = (*COMPLETION_DETAILS, "output_token_details")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Reasoning above completion tokens, cached above prompt tokens; both may be equal."""
    for pair, (path, part, whole) in unseen(comparison, _excess):
        verb = "are" if " + " in path else "is"
        yield pair.drift(
            path=f"usage.{path.partition(' + ')[0]}",
            message=f"{path.rpartition('.')[2]} {verb} larger than the count that should contain it",
            golden=f"at most {whole}",
            candidate=str(part),
        )


def _excess(observation: Observation) -> tuple[str, int, int] | None:
    counts = usage(observation) or {}
    sides = ((_OF_PROMPT, _BESIDE_PROMPT, PROMPT), (_OF_COMPLETION, _BESIDE_COMPLETION, COMPLETION))
    for details, beside, names in sides:
        whole = tokens(counts, *names)
        found = (known for known in _parts(counts, details, beside) if whole is not None and known[1] > whole)
        if whole is not None and (known := next(found, None)):
            return *known, whole
    return None


def _parts(counts: dict[str, Any], details: Iterable[str], beside: Set[str]) -> Iterator[tuple[str, int]]:
    """(path, count) of each part of one count, and of the modalities together."""
    for key in details:
        parts = counts.get(key)
        if isinstance(parts, dict):
            # not isinstance: true is an int in Python
            known = {name: part for name, part in parts.items() if name in _PARTS and type(part) is int}
            yield from ((f"{key}.{name}", part) for name, part in known.items())
            if several := [name for name in _MODALITIES if known.get(name, 0) > 0]:
                yield f"{key}.{' + '.join(several)}", sum(known[name] for name in several)
    yield from ((name, counts[name]) for name in sorted(beside & counts.keys()) if type(counts[name]) is int)


RULE = Rule(
    id="usage-part-exceeds",
    area="usage",
    # US13: bills and budgets; what subtracts the part from the whole goes below zero
    severity=Severity.RISKY,
    summary="a part of usage is larger than the whole",
    who_breaks="cost formulas that subtract reasoning or cached tokens get negative numbers; ratios above 100 %",
    hint="count reasoning into completion tokens, and cached tokens into prompt tokens",
    check=check,
    where=has_usage,
)
