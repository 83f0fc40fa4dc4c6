"""A gateway keeps the parts of a stream for a while before it sends them on (RQ26)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.delays import delays
from gate.observe.scopes import has_passages
from gate.rules.latency._steady import LATER_MS
from gate.wire.timing import percentile

# RQ26's blocks are two to six seconds late; what is later by less than this is noise of networks everywhere.
_LATE = LATER_MS


def check(comparison: Comparison) -> Iterator[Drift]:
    """By the half of the parts that is latest, so that one slow read is none; the golden's gateway may be as slow."""
    usual = max((_median(sample) for sample in comparison.golden), default=0.0)
    for pair in comparison.pairs:
        median = _median(pair.candidate)
        if median >= max(_LATE, 2 * usual):
            yield pair.drift(
                path="timing.gaps",
                message=f"half of the stream comes {median / 1000:.1f} s or more after the upstream sent it",
                golden="as the upstream sends it",
                candidate=f"up to {max(delays(pair.candidate)) / 1000:.1f} s later",
            )


def _median(sample: Observation) -> float:
    every = delays(sample)
    return percentile(every, 50) if every else 0.0


RULE = Rule(
    id="stream-delayed",
    area="latency",
    severity=Severity.RISKY,
    summary="a gateway sends the parts of a stream on seconds later",
    who_breaks="interfaces that show text as it is written: it comes in blocks, or seconds behind",
    hint="look for buffers, guardrails and batches of the gateway that collect parts of a stream",
    check=check,
    where=has_passages,
)
