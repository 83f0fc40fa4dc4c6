"""A stream is silent for much longer than any golden sample (LA03)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gate.model import MISSING, Comparison, Drift, Event, Observation, Pair, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.latency._steady import TIMES, each_time
from gate.rules.latency.first_token_slower import slower

# No report in the catalogue names a client with a shorter idle timer; LA03's pings come every 15 s. B35's row, 6 s of
# silence to 12 s, stays outside by TIMES, LA03's 0.1 s to 60 s is far inside.
LEAST_MS = 5000.0
# Comments kept the connection open, but a client that times events saw nothing. Lower than TIMES, because LA03's own
# case, data every 15 s that became comments over 60 s, is four times the golden's silence.
PINGED_TIMES = 2.0


def check(comparison: Comparison) -> Iterator[Drift]:
    """Between events that carry data: comments do not reset the timer of a client that waits for events."""
    for pair, (gap, most, event) in each_time(comparison, _stall):
        # the wait for the first token is reported by first-token-slower
        if event.at_ms != pair.candidate.timing.first_token or not slower(pair):
            yield pair.drift(
                path="timing.gap",
                message=f"no data for {gap / 1000:.1f} s in mid-stream",
                golden=f"at most {most / 1000:.1f} s",
                candidate=f"{gap / 1000:.1f} s",
                at=event,
            )


def _stall(pair: Pair) -> tuple[float, float, Event] | None:
    """(longest silence in ms, the golden's, the event that ends it) of a silence that is much longer."""
    # a silence is no longer than the stream, and most streams are short
    if max((event.at_ms or 0.0 for event in pair.candidate.events), default=0.0) < LEAST_MS:
        return None
    gap, event = _longest(pair.candidate)
    most = max(_longest(sample)[0] for sample in pair.golden)
    if event is None or most < 0 or gap < max(LEAST_MS, most * _times(pair)):
        return None
    return gap, most, event


def _times(pair: Pair) -> float:
    """How many times the golden's longest silence a silence may last."""
    return PINGED_TIMES if _has_comments(pair.candidate) and not any(map(_has_comments, pair.golden)) else TIMES


def _longest(observation: Observation) -> tuple[float, Event | None]:
    """The longest silence in ms and the event that ends it; below 0 where no times are known."""
    timed = [(e.at_ms, e) for e in observation.events if e.doc is not MISSING and e.at_ms is not None]
    # Codex and others time parsed events; comments, retry: and ids never reach them
    gaps = [(later - earlier, event) for (earlier, _), (later, event) in pairwise(timed)]
    return max(gaps, key=lambda gap: gap[0], default=(-1.0, None))


def _has_comments(observation: Observation) -> bool:
    return any(event.frame.comments for event in observation.events)


RULE = Rule(
    id="stream-stalled",
    area="latency",
    # as with first-token-slower, it depends on a timer that we do not know
    severity=Severity.RISKY,
    summary="the stream is silent for much longer than the golden's longest silence",
    who_breaks="clients with an idle timeout between events abort a healthy answer",
    hint="send chunks with an empty delta, or comment lines, as keep-alives; or raise the client's idle timeout",
    check=check,
    where=has_streams,
)
