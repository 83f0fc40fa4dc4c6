"""finish_reason on the same chunk as the last content (ST13)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Rule, Severity
from gate.observe.answer import grammar
from gate.rules.stream._streams import Stream, drift, judged


def check(comparison: Comparison) -> Iterator[Drift]:
    """The assembled answer is the same (B14)."""
    golden, candidate = comparison.golden, comparison.candidate
    for like, stream in judged(golden, candidate):
        both = _both(stream)
        if both and not any(map(_both, like)):
            lane, event = both[0]
            message = "finish_reason comes on the same chunk as the last content"
            yield drift(stream, event, stream.lane_path(lane), message, "a chunk of its own", "beside content")


def _both(stream: Stream) -> list[tuple[int, Event]]:
    content = grammar(stream.found).content
    return [
        (lane, event)
        for lane in stream.lanes
        for event in stream.of("finish", lane)
        if any(kind in content and at == lane for kind, at in event.kinds)
    ]


RULE = Rule(
    id="finish-with-content",
    area="stream",
    severity=Severity.INFO,
    summary="the last content and finish_reason share a chunk",
    who_breaks="clients that do not read content on the finish chunk lose the last token",
    hint="read the delta of every chunk, whatever its finish_reason",
    check=check,
)
