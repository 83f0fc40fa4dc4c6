"""A stream goes quiet for much longer than the golden ever does (LA03)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gate.model import MISSING, Comparison, Drift, Event, Observation, Rule, Severity
from gate.observe.answer import comparable, numbered
from gate.rules.latency.first_token_slower import slower

LEAST_MS = 5000.0
TIMES = 5.0
PINGED_TIMES = 2.0  # comments kept the connection open, but a client that times events saw nothing


def check(comparison: Comparison) -> Iterator[Drift]:
    """Between events that carry data: comments do not reset the timer of a client that waits for events."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        like, (gap, event) = comparable(golden, found), _longest(found)
        most = max((_longest(g)[0] for g in like), default=-1.0)
        if event is None or most < 0 or gap < max(LEAST_MS, most * _times(like, found)):
            continue
        if event.at_ms == found.timing.first_token and any(slower(golden, found)):
            continue  # the same wait, and the rule about first tokens has it
        message = f"no data for {gap / 1000:.1f} s in mid-stream"
        evidence = f"at most {most / 1000:.1f} s", f"{gap / 1000:.1f} s"
        yield Drift(
            path="timing.gap",
            message=message,
            golden=evidence[0],
            candidate=evidence[1],
            sample=sample,
            severity=None,
            frame=event.frame.number,
            byte=event.frame.start,
        )


def _times(like: list[Observation], found: Observation) -> float:
    """How much longer a silence may be."""
    return PINGED_TIMES if _commented(found) and not any(map(_commented, like)) else TIMES


def _longest(found: Observation) -> tuple[float, Event | None]:
    """The longest silence in ms and the event that ends it; below 0 where no times are known."""
    timed = [(e.at_ms, e) for e in found.events if e.doc is not MISSING and e.at_ms is not None]
    # Codex and others time parsed events; comments, retry: and ids never reach them
    gaps = [(later - earlier, event) for (earlier, _), (later, event) in pairwise(timed)]
    return max(gaps, key=lambda gap: gap[0], default=(-1.0, None))


def _commented(found: Observation) -> bool:
    return any(event.frame.comments for event in found.events)


RULE = Rule(
    id="stream-stalled",
    area="latency",
    severity=Severity.RISKY,
    summary="the stream is silent for much longer than the golden's longest silence",
    who_breaks="clients with an idle timeout between events abort a healthy answer",
    hint="send data-bearing keep-alives, or raise the client's idle timeout for this route",
    check=check,
)
