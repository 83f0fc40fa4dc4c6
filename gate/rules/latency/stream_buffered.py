"""The whole answer comes in one burst at the end (LA01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import comparable, numbered

EVENTS = 5  # with fewer tokens than this a burst means nothing
LEAST_MS = 500.0  # golden tokens arrive over at least this long, so that the burst could be felt
SPREAD, BURST = 0.25, 0.08  # share of the whole time over which tokens arrive


def check(comparison: Comparison) -> Iterator[Drift]:
    """Judged by the time over which tokens arrive, never by reads; a route that is simply fast is no buffer (B35)."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        if buffered(golden, found):
            spread, total = found.timing.spread or 0.0, found.timing.total or 0.0
            message = f"all tokens come within {spread:.0f} ms at the end of {total / 1000:.1f} s"
            gold = f"tokens over {min(g.timing.spread or 0.0 for g in _timed(golden, found)) / 1000:.1f} s"
            yield Drift(
                path="timing.spread", message=message, golden=gold, candidate=f"within {spread:.0f} ms", sample=sample
            )


def buffered(golden: Samples, found: Observation) -> bool:
    """Whether the tokens come in one burst, long after every golden sample has begun to stream them."""
    share, like = _spread(found), _timed(golden, found)
    if share is None or share > BURST or not like:
        return False
    return all(_streams(g) for g in like) and _waits(found, like)


def _timed(golden: Samples, found: Observation) -> list[Observation]:
    return [g for g in comparable(golden, found) if _spread(g) is not None]


def _spread(found: Observation) -> float | None:
    """The share of the whole time in which tokens arrive; None where too little is known."""
    timing = found.timing
    # spread is measured between events that bear tokens, so a role sent at once does not hide a burst
    if timing.spread is None or not timing.total or len(timing.gaps) + 1 < EVENTS:
        return None
    return timing.spread / timing.total


def _streams(golden: Observation) -> bool:
    return (_spread(golden) or 0.0) >= SPREAD and (golden.timing.spread or 0.0) >= LEAST_MS


def _waits(found: Observation, like: list[Observation]) -> bool:
    """The first token comes when the golden has long been writing."""
    # without this a route that is ten times faster would look like a buffer
    first = found.timing.first_token or 0.0
    return all(first >= (g.timing.first_token or 0.0) + (g.timing.spread or 0.0) / 3 for g in like)


RULE = Rule(
    id="stream-buffered",
    area="latency",
    severity=Severity.RISKY,
    summary="the stream is held back and arrives in one burst",
    who_breaks="interfaces freeze until the end; idle timeouts fire on long answers",
    hint="turn proxy buffering off (X-Accel-Buffering: no, proxy_buffering off) and compression on streams",
    check=check,
)
