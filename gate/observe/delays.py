"""How much later than the upstream sent it a client gets each part of a stream. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from gate.model import Observation, Timing


def delays(client: Observation) -> tuple[float, ...]:
    """Milliseconds that a gateway adds to each event with tokens, in order; none where both sides do not have the same
    events with times."""
    calls = client.passage.calls if client.passage else ()
    if not calls:
        return ()
    before, after = (tuple(_times(side.timing)) for side in (calls[-1].answer, client))
    if len(before) != len(after):
        return ()
    # below zero where the client's clock starts with its connection made
    return tuple(max(0.0, there - calls[-1].at_ms - here) for here, there in zip(before, after, strict=True))


def _times(timing: Timing) -> Iterator[float]:
    return accumulate(timing.gaps, initial=timing.first_token) if timing.first_token is not None else iter(())
