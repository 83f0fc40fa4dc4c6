"""The results of content filters, which Azure adds to each answer, are gone (S45)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity

# https://learn.microsoft.com/azure/ai-services/openai/concepts/content-filter; prompt_annotations is the older name
_KEYS = ("choices[].content_filter_results", "prompt_filter_results", "prompt_annotations")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where every golden sample has them; an empty object says as much as any (B33)."""
    for pair in comparison.answers:
        lost = [key for key in _KEYS if all(_filled(golden, key) for golden in pair.golden)]
        lost = [key for key in lost if key not in pair.candidate.shape]
        if lost:
            yield pair.drift(
                path=lost[0].replace("[]", "[0]"),
                message=f"the answer has no {' and no '.join(lost)}",
                golden="results of the content filters",
                candidate="absent",
            )


def _filled(observation: Observation, key: str) -> bool:
    # an empty object in all chunks says nothing that could be lost
    return key in observation.shape and observation.shape[key].empty < observation.shape[key].seen


RULE = Rule(
    id="filter-results-lost",
    area="schema",
    # S45: the answer is whole; what shows or logs filtered content finds nothing
    severity=Severity.RISKY,
    summary="the results of content filters are gone",
    who_breaks="moderation queues and audits that read content_filter_results",
    hint="keep a moderation of your own before you leave Azure, or let the gateway add it",
    check=check,
)
