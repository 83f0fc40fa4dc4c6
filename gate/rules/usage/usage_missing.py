"""No usage where every golden sample has it; of chat streams usage-chunk-missing speaks."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.usage import by_chunk
from gate.rules.usage._usage import uncounted
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """A client that counts by the golden counts nothing any more."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found, counts in uncounted(golden, candidate):
        if not by_chunk(found):
            said = show(found.answer.usage if found.answer else None, 80)
            yield Drift(
                path="usage", message="the answer has no usage", golden=show(counts, 120), candidate=said, sample=sample
            )


RULE = Rule(
    id="usage-missing",
    area="usage",
    severity=Severity.BREAKING,
    summary="the answer does not say how many tokens it cost",
    who_breaks="cost tracking books 0, budgets never end, code that reads usage.total_tokens raises",
    hint="let the gateway hand the provider's usage on",
    check=check,
)
