"""A stream without the usage chunk that every golden stream has (US01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.usage import by_chunk, wanted
from gate.rules.usage._usage import uncounted
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Asked for or not: a client that counts by the golden counts nothing any more."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found, counts in uncounted(golden, candidate):
        if by_chunk(found):
            why = " although the request asks for it" if wanted(found) else ""
            said = show(found.answer.usage if found.answer else None, 80)
            yield Drift(
                path="usage",
                message=f"the stream has no usage{why}",
                golden=show(counts, 120),
                candidate=said,
                sample=sample,
            )


RULE = Rule(
    id="usage-chunk-missing",
    area="usage",
    severity=Severity.BREAKING,
    summary="the stream does not say how many tokens it cost",
    who_breaks="cost tracking books 0, budgets never end, code that reads usage.total_tokens raises",
    hint="pass stream_options.include_usage on to the provider, and its usage back",
    check=check,
)
