"""No usage where every golden sample has it; chat streams are usage-chunk-missing's."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_usage
from gate.observe.usage import by_chunk
from gate.rules.usage._usage import uncounted, uncounted_drift


def check(comparison: Comparison) -> Iterator[Drift]:
    """A client of the golden reads its counts from every answer."""
    for pair in uncounted(comparison):
        if not by_chunk(pair.candidate):
            yield uncounted_drift(pair, "the answer has no usage")


RULE = Rule(
    id="usage-missing",
    area="usage",
    # as usage-chunk-missing: plain answers always had it (RS06, the mutation usage-missing)
    severity=Severity.BREAKING,
    summary="the answer does not report how many tokens it cost",
    who_breaks="cost tracking counts 0, budgets are never used up, code that reads usage.total_tokens raises",
    hint="let the gateway pass the provider's usage on",
    check=check,
    where=has_usage,
)
