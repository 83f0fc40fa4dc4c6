"""Chunks without content in the middle of an answer."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.stream._streams import Stream, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """Counted between a choice's first chunk and its finish; a stream without a finish is finish-reason-missing's."""
    for pair, _, empty in unseen(comparison, _empty):
        count = f"{len(empty)} empty chunks"
        yield pair.drift(
            path="choices[0].delta",
            message=f"{f'{count} come' if len(empty) > 1 else 'one empty chunk comes'} in the middle of the answer",
            golden="none",
            candidate=count,
            at=empty[0],
        )


def _empty(stream: Stream) -> list[Event]:
    return [event for lane in stream.lanes for event in stream.of("empty", lane) if _inside(event, stream, lane)]


def _inside(event: Event, stream: Stream, lane: int) -> bool:
    begin, finishes = stream.spans[lane][0].frame.number, stream.of("finish", lane)
    # some servers flush with one empty delta right before the finish (B13)
    # the first chunk is left out too: B12's empty content beside the role
    return bool(finishes) and begin < event.frame.number < finishes[0].frame.number - 1


RULE = Rule(
    id="empty-chunks",
    area="stream",
    # most clients add nothing to the text; no report in the catalogue has one that stops there
    severity=Severity.INFO,
    summary="the stream has chunks without content in the middle of the answer",
    who_breaks="clients that take an empty delta for the end of the answer",
    hint="end at finish_reason, not at an empty delta",
    check=check,
    where=has_streams,
)
