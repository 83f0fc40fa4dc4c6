"""The role is repeated in chunk after chunk (ST08)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.stream._streams import Stream, streams


def check(comparison: Comparison) -> Iterator[Drift]:
    """A role that comes once more on the finish chunk does not count."""
    for pair, stream, golden in streams(comparison):
        count, lane = _most(stream)
        if count > 1 and all(_most(g)[0] <= 1 for g in golden):
            yield pair.drift(
                path=f"choices[{lane}].delta.role",
                message=f"the role is sent in {count} chunks of one choice",
                golden="once",
                candidate=f"{count} times",
                at=stream.of("role", lane)[1],
            )


def _most(stream: Stream) -> tuple[int, int]:
    """(number of chunks with the role, choice) of the choice that repeats it most; the first of several."""
    # once more on the finish chunk is ST08's benign twin
    counts = [(sum(("finish", lane) not in e.kinds for e in stream.of("role", lane)), lane) for lane in stream.lanes]
    return max(counts, key=lambda count: count[0], default=(0, 0))


RULE = Rule(
    id="role-repeated",
    area="stream",
    # ST08: 248 of 277 recorded streams of OpenRouter repeat it, and clients cope
    severity=Severity.INFO,
    summary="many chunks of one choice repeat the role",
    who_breaks="accumulators that join every string of the deltas end with the role assistantassistant",
    hint="set the role from a delta, do not append it",
    check=check,
    where=has_streams,
)
