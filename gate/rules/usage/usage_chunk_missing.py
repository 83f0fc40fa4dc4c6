"""A stream without the usage chunk that every golden stream has (US01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.scopes import has_streams
from gate.observe.usage import by_chunk, wanted
from gate.rules.usage._usage import uncounted, uncounted_drift


def check(comparison: Comparison) -> Iterator[Drift]:
    """Requested or not: a client of the golden reads its counts from that chunk."""
    for pair in uncounted(comparison):
        if by_chunk(pair.candidate):
            why = " although the request asks for it" if wanted(pair.candidate) else ""
            elsewhere = _elsewhere(pair.candidate)
            yield uncounted_drift(pair, elsewhere or f"the stream has no usage{why}")


def _elsewhere(observation: Observation) -> str:
    """That usage comes below a key of the vendor: Groq's x_groq.usage."""
    docs = (event.doc for event in observation.events if isinstance(event.doc, dict))
    keys = (key for doc in docs for key, value in doc.items() if isinstance(member(value, "usage"), dict))
    return next((f"usage comes only below {key[:60]}, not as usage" for key in keys), "")


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
    where=has_streams,
)
