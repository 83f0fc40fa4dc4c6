"""finish_reason on the same chunk as the last content (ST13)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.stream._streams import Stream, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """The assembled answer is the same (B14)."""
    for pair, stream, shared in unseen(comparison, _shared):
        lane, event = shared[0]
        yield pair.drift(
            path=stream.finish_path(lane),
            message="finish_reason comes on the same chunk as the last content",
            golden="a chunk of its own",
            candidate="beside content",
            at=event,
        )


def _shared(stream: Stream) -> list[tuple[int, Event]]:
    """(choice, event) of each event that has both content and finish of one choice."""
    content = stream.endpoint.content
    return [
        (lane, event)
        for lane in stream.lanes
        for event in stream.of("finish", lane)
        if any(kind in content and at == lane for kind, at in event.kinds)
    ]


RULE = Rule(
    id="finish-with-content",
    area="stream",
    # ST13, B14: the joined answer is the same
    severity=Severity.INFO,
    summary="the last content and finish_reason share a chunk",
    who_breaks="clients that do not read content on the finish chunk lose the last token",
    hint="read the delta of every chunk, whatever its finish_reason",
    check=check,
    where=has_streams,
)
