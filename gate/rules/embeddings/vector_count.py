"""More or fewer vectors than inputs (EM10)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.vectors import inputs, vectored, vectors


def check(comparison: Comparison) -> Iterator[Drift]:
    """One vector for each input, as the golden has it."""
    golden, candidate = comparison.golden, comparison.candidate
    usual = {len(vectors(g)) for g in golden if vectors(g)}
    for sample, found in vectored(candidate):
        now, given = len(vectors(found)), inputs(found)
        if usual and now not in usual:
            message = f"{now} vectors" + (f" for {len(given)} inputs" if given else "")
            gold = " or ".join(map(str, sorted(usual)))
            yield Drift(
                path="data", message=message, golden=f"{gold} vectors", candidate=f"{now} vectors", sample=sample
            )


RULE = Rule(
    id="vector-count",
    area="embeddings",
    severity=Severity.BREAKING,
    summary="there are not as many vectors as inputs",
    who_breaks="callers that zip texts and vectors lose texts, or give them another's vector",
    hint="check how the gateway splits and joins batches, and what it does with empty or equal texts",
    check=check,
)
