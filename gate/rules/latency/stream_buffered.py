"""The whole answer comes in one burst at the end (LA01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Pair, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.latency._steady import each_time

# With fewer tokens than this a burst means nothing: B35 allows bursts, and the row has three of 7 tokens.
EVENTS = 5
# Golden tokens arrive over at least this long: 2,067 ms and more in those of golden/ with 30 tokens and more, 130
# to 520 in most of the shorter ones, which look much like a burst.
LEAST_MS = 500.0
# Shares of the whole time over which tokens arrive, golden at least, candidate at most: LA01's rows have 0.01
# (20 ms after 2.4 s) and 0.003; its twins, two or eight tokens in a read, stay above 0.8, texts of golden/ above 0.21.
SPREAD, BURST = 0.25, 0.08


def check(comparison: Comparison) -> Iterator[Drift]:
    """Judged by the time over which tokens arrive, never by reads; a route that is simply fast is no buffer (B35)."""
    for pair, _ in each_time(comparison, is_buffered):
        timing = pair.candidate.timing
        spread, total = timing.spread or 0.0, timing.total or 0.0
        shortest = min(sample.timing.spread or 0.0 for sample in _timed(pair))
        yield pair.drift(
            path="timing.spread",
            message=f"all tokens arrive within {spread:.0f} ms at the end of {total / 1000:.1f} s",
            golden=f"tokens over {shortest / 1000:.1f} s",
            candidate=f"within {spread:.0f} ms",
        )


def is_buffered(pair: Pair) -> bool:
    """Whether the tokens come in one burst, long after every golden sample has begun to stream them."""
    share, golden = _share(pair.candidate), _timed(pair)
    if share is None or share > BURST or not golden:
        return False
    # without the wait a route that is ten times faster would look buffered
    return all(_streams(sample) and _is_late(pair.candidate, sample) for sample in golden)


def _timed(pair: Pair) -> list[Observation]:
    """The golden samples whose times are known."""
    return [sample for sample in pair.golden if _share(sample) is not None]


def _share(observation: Observation) -> float | None:
    """The share of the whole time in which tokens arrive; None where too little is known."""
    timing = observation.timing
    # spread is measured between events that bear tokens, so a role sent at once does not hide a burst
    if timing.spread is None or not timing.total or len(timing.gaps) + 1 < EVENTS:
        return None
    return timing.spread / timing.total


def _streams(golden: Observation) -> bool:
    return (_share(golden) or 0.0) >= SPREAD and (golden.timing.spread or 0.0) >= LEAST_MS


def _is_late(candidate: Observation, golden: Observation) -> bool:
    """The first token comes when the golden has long been writing."""
    # a third of the way: LA01's burst comes at the end, a route that is simply fast before (rows on both sides)
    written = (golden.timing.first_token or 0.0) + (golden.timing.spread or 0.0) / 3
    return (candidate.timing.first_token or 0.0) >= written


RULE = Rule(
    id="stream-buffered",
    area="latency",
    severity=Severity.RISKY,
    summary="the stream is held back and arrives in one burst",
    who_breaks="interfaces freeze until the end; idle timeouts fire on long answers",
    hint="turn proxy buffering off (X-Accel-Buffering: no, proxy_buffering off) and compression on streams",
    check=check,
    where=has_streams,
)
