"""The first token comes much later (LA02)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import comparable, numbered
from gate.rules.latency.stream_buffered import buffered

LATER_MS = 1000.0
TIMES = 5.0


def check(comparison: Comparison) -> Iterator[Drift]:
    """1 s later and 5 times slower than the slowest golden sample; below that it is the network's weather (B35)."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        slowest, mine = slower(golden, found)
        # a stream that is held back as a whole has another cause, and stream-buffered tells it
        if mine and not buffered(golden, found):
            message = f"the first token comes after {mine / 1000:.1f} s, not after {slowest / 1000:.1f} s"
            yield Drift(
                path="timing.first_token",
                message=message,
                golden=f"{slowest:.0f} ms",
                candidate=f"{mine:.0f} ms",
                sample=sample,
            )


def slower(golden: Samples, found: Observation) -> tuple[float, float]:
    """(ms to the first token in the slowest golden sample, ms here); zeros where it is not that much slower."""
    mine = found.timing.first_token
    # a cassette of plain vcrpy has no times; then there is nothing to compare with
    times = [g.timing.first_token for g in comparable(golden, found) if g.timing.first_token is not None]
    if mine is None or not times or found.form != "stream":
        return 0.0, 0.0
    slowest = max(times)
    return (slowest, mine) if mine >= slowest + LATER_MS and mine >= slowest * TIMES else (0.0, 0.0)


RULE = Rule(
    id="first-token-slower",
    area="latency",
    severity=Severity.RISKY,
    summary="the first token comes 1 s later and 5 times slower than in the slowest golden sample",
    who_breaks="clients with an idle timeout give up, retry and pay twice; users wait",
    hint="compare the same model and region; raise the client's timeout for this route",
    check=check,
)
