"""The first token comes much later, each time (LA02)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Pair, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.latency._steady import LATER_MS, TIMES, each_time
from gate.rules.latency.stream_buffered import is_buffered


def check(comparison: Comparison) -> Iterator[Drift]:
    """1 s later and 5 times slower than the slowest golden sample; below that it is noise of the network (B35)."""
    for pair, (slowest, candidate) in each_time(comparison, slower):
        # a stream that is held back as a whole has another cause, and stream-buffered reports it
        if not is_buffered(pair):
            yield pair.drift(
                path="timing.first_token",
                message=f"the first token comes after {candidate / 1000:.1f} s, not after {slowest / 1000:.1f} s",
                golden=f"{slowest:.0f} ms",
                candidate=f"{candidate:.0f} ms",
            )


def slower(pair: Pair) -> tuple[float, float] | None:
    """(ms to the first token in the slowest golden sample, in the candidate); None where it is not much slower."""
    candidate = pair.candidate.timing.first_token
    # a cassette of plain vcrpy has no times; then there is nothing to compare with
    times = [sample.timing.first_token for sample in pair.golden if sample.timing.first_token is not None]
    if candidate is None or not times or pair.candidate.form != "stream":
        return None
    slowest = max(times)
    much = candidate >= slowest + LATER_MS and candidate >= slowest * TIMES
    return (slowest, candidate) if much else None


RULE = Rule(
    id="first-token-slower",
    area="latency",
    # it depends on the client's timeout (LA02 names 90 s), which we do not know
    severity=Severity.RISKY,
    summary="each time the first token comes 1 s later and 5 times slower than in the slowest golden sample",
    who_breaks="clients with an idle timeout give up, retry and pay twice; users wait",
    hint="compare the same model and region; raise the client's timeout for this route",
    check=check,
    where=has_streams,
)
