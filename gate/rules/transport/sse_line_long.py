"""A line of the stream is longer than common readers take (T45)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Frame, Observation, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.transport._frames import is_stream
from gate.wire.shape import show

# bytes: MaxScanTokenSize of https://pkg.go.dev/bufio#pkg-constants, the buffer of Go's line scanner
_READ = 64 * 1024


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where every line of the golden's streams is shorter."""
    for pair in comparison.pairs:
        long = _long(pair.candidate)
        if long and pair.golden and not any(map(_long, comparison.golden)):
            yield pair.drift(
                path="frames",
                message=f"a line of the stream has {_length(long[0].frame):,} bytes",
                golden="shorter lines",
                candidate=show(long[0].frame.data or _lines(long[0].frame)[0], 80),
                at=long[0],
            )


def _long(observation: Observation) -> list[Event]:
    """The events of a success with such a line; none in a stream that has fewer bytes itself, as nearly all have."""
    if not is_stream(observation) or observation.events[-1].frame.end < _READ:
        return []
    return [event for event in observation.events if _length(event.frame) >= _READ]


def _length(frame: Frame) -> int:
    """Bytes of the longest line with its end; a short frame has none that is long."""
    if frame.end - frame.start < _READ:
        return 0
    return max(len(line.encode("utf-8", "replace")) + 1 for line in _lines(frame))


def _lines(frame: Frame) -> list[str]:
    """The lines of a frame, the longest kind of them first: data, comments, and what else SSE has.

    A reader with a fixed buffer takes each line before it knows what it is.
    """
    prefix = "data: " if frame.spaced else "data:"
    data = [f"{prefix}{line}" for line in frame.data.split("\n")] if frame.data is not None else []
    fields = (("event: ", frame.event), ("id: ", frame.id))
    others = [f"{name}{value}" for name, value in fields if value]
    lines = [*data, *(f":{comment}" for comment in frame.comments), *others, *frame.unknown, ""]
    return sorted(lines, key=len, reverse=True)


RULE = Rule(
    id="sse-line-long",
    area="transport",
    # T45: readers with a fixed buffer stop with an error in mid-stream; others do not notice
    severity=Severity.RISKY,
    summary="a line of the stream is longer than many readers take",
    who_breaks='bufio.Scanner (Go) ends with "token too long": the answer is cut there',
    hint="send long texts in several deltas, and no snapshots of the whole answer",
    check=check,
    where=has_streams,
)
