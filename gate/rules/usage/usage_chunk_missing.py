"""A stream without the usage chunk that every golden stream has (US01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.usage import by_chunk, wanted
from gate.rules.usage._usage import uncounted, uncounted_drift


def check(comparison: Comparison) -> Iterator[Drift]:
    """Requested or not: a client of the golden reads its counts from that chunk."""
    for pair in uncounted(comparison):
        if by_chunk(pair.candidate):
            why = " although the request asks for it" if wanted(pair.candidate) else ""
            yield uncounted_drift(pair, f"the stream has no usage{why}")


RULE = Rule(
    id="usage-chunk-missing",
    area="usage",
    # US01 is risky in the catalogue; breaking here, because every golden answer has it: a ledger books 0 and never
    # raises
    severity=Severity.BREAKING,
    summary="the stream does not report how many tokens it cost",
    who_breaks="cost tracking counts 0, budgets are never used up, code that reads usage.total_tokens raises",
    hint="pass stream_options.include_usage on to the provider, and its usage back",
    check=check,
)
