"""When the pieces of an answer come: late, never, with a pause, all at once. These times hold at every speed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate

from gate.replay.faults import Kind
from gate.replay.reply import End, Part, Reply

_FIRST_GAP_MS = 400.0


def shifted(reply: Reply, ms: float, after: int = 0) -> Reply:
    """The reply with everything from that part on so many milliseconds later."""
    parts = tuple(Part(part.at_ms + (ms if i >= after else 0), part.data) for i, part in enumerate(reply.parts))
    return replace(reply, parts=parts, end_ms=reply.end_ms + ms)


def timed(reply: Reply, times: Iterable[float]) -> Reply:
    """The parts at these milliseconds, and the end right after the last one."""
    parts = tuple(Part(at, part.data) for part, at in zip(reply.parts, times, strict=True))
    return replace(reply, parts=parts, end_ms=max(part.at_ms for part in parts))


def first_byte_after(reply: Reply, seconds: float) -> Reply:
    """Nothing for so long, then the answer."""
    return replace(shifted(reply, seconds * 1000), head_ms=reply.head_ms + seconds * 1000)


def first_chunk_after(reply: Reply, seconds: float) -> Reply:
    """The head at once, the body so much later: a connection that looks alive before the first token."""
    return shifted(reply, seconds * 1000)


def silence(reply: Reply) -> Reply:
    """The request is read, and nothing ever comes."""
    return replace(reply, answered=False, end=End.OPEN)


def stall_after(reply: Reply, count: int) -> Reply | None:
    """So many chunks, then nothing, while the connection stays."""
    if count >= len(reply.parts):
        return None
    size = len(reply.body)
    parts = reply.parts[:count]
    return replace(reply, parts=parts, end=End.OPEN, announced=size, end_ms=parts[-1].at_ms if parts else reply.head_ms)


def pause_after(reply: Reply, count: int, seconds: float) -> Reply | None:
    """So many chunks, a pause, and the rest."""
    return shifted(reply, seconds * 1000, after=count) if count < len(reply.parts) else None


def falling_gaps(reply: Reply) -> Reply | None:
    """Each gap is half of the one before, from 400 ms: a source that catches up."""
    if len(reply.parts) < 3:
        return None
    gaps = (_FIRST_GAP_MS / 2**n for n in range(len(reply.parts) - 1))
    return timed(reply, accumulate(gaps, initial=reply.parts[0].at_ms))


def buffered(reply: Reply) -> Reply | None:
    """All chunks as one block, when the last one would have come: a proxy that buffers."""
    if len(reply.parts) < 2:
        return None
    at = max(reply.end_ms, reply.parts[-1].at_ms)
    return replace(reply, parts=(Part(at, reply.body),), head_ms=at, end_ms=at)


FAULTS = (
    Kind("first-byte-after-{s}", "nothing for so long, then the answer", first_byte_after),
    Kind("first-chunk-after-{s}", "the head at once, the body so much later", first_chunk_after),
    Kind("silence", "the request is read, and nothing ever comes", silence),
    Kind("stall-after-{n}", "so many chunks, then nothing, while the connection stays open", stall_after),
    Kind("pause-after-{n}-for-{s}", "so many chunks, a pause, and the rest", pause_after),
    Kind("falling-gaps", "gaps of 400, 200, 100 … ms between the chunks", falling_gaps),
    Kind("buffered", "all chunks in one block, when the last one would have come", buffered),
)
