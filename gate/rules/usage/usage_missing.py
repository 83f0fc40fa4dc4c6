"""No usage where every golden sample has it (US01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Drift, Observation, Rule, Samples, Severity
from gate.questions import choices, comparable, numbered
from gate.rules.usage._usage import finished, usage, wanted
from gate.wire.shape import show


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """Plain or streamed, asked for or not: a client that counts by the golden counts nothing any more."""
    for sample, found in numbered(candidate):
        counts = [usage(g) for g in comparable(golden, found)]
        said = found.answer.usage if found.answer else None
        # {} is usage-incomplete's; a stream that broke off, or no answer at all, is told by other rules
        if counts and all(counts) and said in (None, MISSING) and finished(found) and _answers(golden, found):
            where = "the stream" if found.form == "stream" else "the answer"
            why = " although the request asks for it" if wanted(found) else ""
            yield Drift("usage", f"{where} has no usage{why}", show(counts[0], 120), show(said, 80), sample)


def _answers(golden: Samples, found: Observation) -> bool:
    return bool(choices(found)) or not any(choices(g) for g in golden)


RULE = Rule(
    id="usage-missing",
    area="usage",
    severity=Severity.BREAKING,
    summary="the answer does not say how many tokens it cost",
    who_breaks="cost tracking books 0, budgets never end, code that reads usage.total_tokens raises",
    hint="pass stream_options.include_usage on to the provider, and its usage back",
    check=check,
)
