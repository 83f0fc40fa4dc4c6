"""Chunks that say nothing, in the middle of an answer."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Rule, Severity
from gate.rules.stream._streams import Stream, drift, judged


def check(comparison: Comparison) -> Iterator[Drift]:
    """Counted between a choice's first and its finish; an empty chunk that ends the stream is no finish at all."""
    golden, candidate = comparison.golden, comparison.candidate
    for like, stream in judged(golden, candidate):
        empty = _empty(stream)
        if empty and not any(map(_empty, like)):
            count = f"{len(empty)} empty chunks"
            message = f"{count} come in the middle of the answer"
            yield drift(stream, empty[0], "choices[0].delta", message, "none", count)


def _empty(stream: Stream) -> list[Event]:
    return [e for lane in stream.lanes for e in stream.of("empty", lane) if _between(e, stream, lane)]


def _between(event: Event, stream: Stream, lane: int) -> bool:
    ends = stream.of("finish", lane)
    begun = stream.spans[lane][0].frame.number < event.frame.number
    return begun and bool(ends) and event.frame.number < ends[0].frame.number and not _trails(event, ends[0])


def _trails(event: Event, end: Event) -> bool:
    # one empty delta right before the finish is how some servers flush (B13)
    return event.frame.number == end.frame.number - 1


RULE = Rule(
    id="empty-chunks",
    area="stream",
    severity=Severity.INFO,
    summary="chunks without any content stand in the middle of the answer",
    who_breaks="clients that take an empty delta for the end of the answer",
    hint="end at finish_reason, not at an empty delta",
    check=check,
)
