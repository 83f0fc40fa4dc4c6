"""When the bytes of a body came: its chunks, cut and scaled as the body changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from gate.model import Chunk


def shares(ends: Sequence[int], chunks: Sequence[Chunk]) -> list[tuple[Chunk, ...]]:
    """The chunks cut at these places of the body."""
    cut: list[tuple[Chunk, ...]] = []
    rest, at = list(reversed(chunks)), 0
    for end in ends:
        share: list[Chunk] = []
        while at < end and rest:
            chunk = rest.pop()
            taken = min(chunk.size, end - at)
            at += taken
            share.append(Chunk(chunk.at_ms, taken))
            if taken < chunk.size:
                rest.append(Chunk(chunk.at_ms, chunk.size - taken))
        cut.append(tuple(share))
    return cut


def fitted(chunks: Sequence[Chunk], size: int) -> Iterable[Chunk]:
    """Chunks for another number of bytes; the last one keeps at least one, so that the arrival stays."""
    for chunk in chunks[:-1]:
        # size - 1: one byte is left for the last chunk
        taken = max(0, min(chunk.size, size - 1))
        size -= taken
        yield Chunk(chunk.at_ms, taken)
    if chunks:
        yield Chunk(chunks[-1].at_ms, size)


def merged(chunks: Iterable[Chunk]) -> tuple[Chunk, ...]:
    """Chunks of one moment as one, and none before its predecessor."""
    ordered: list[Chunk] = []
    for chunk in chunks:
        if ordered and chunk.at_ms <= ordered[-1].at_ms:
            ordered[-1] = Chunk(ordered[-1].at_ms, ordered[-1].size + chunk.size)
        elif chunk.size:
            ordered.append(chunk)
    return tuple(ordered)


def scaled(chunks: Sequence[Chunk], before: int, after: int) -> tuple[Chunk, ...]:
    """As many chunks at the same times, for a body that had `before` bytes and has `after`."""
    ends = [round(end * after / before) for end in accumulate(chunk.size for chunk in chunks)] if before else []
    if not ends:
        return (Chunk(chunks[-1].at_ms, after),) if chunks else ()
    ends[-1] = after
    starts = [0, *ends[:-1]]
    return tuple(Chunk(c.at_ms, max(0, e - s)) for c, s, e in zip(chunks, starts, ends, strict=True) if e > s)
