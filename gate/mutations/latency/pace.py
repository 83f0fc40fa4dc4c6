"""When the parts of a stream arrive, and when an error does. Only what was timed fits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from gate.model import Chunk, Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import answer
from gate.mutations.facts import refused, seen, streamed, timed
from gate.mutations.frames import pieces_of, places
from gate.mutations.harmless import other_spacing_of_arguments
from gate.mutations.harmless_streams import bursts, call_in_one_block
from gate.mutations.passages import answered_by
from gate.wire.timing import percentile


def first_token_late(exchange: Exchange) -> Exchange | None:
    """The first token takes longer than clients wait: they give up, ask again, and pay twice."""
    # LA02's report: clients give up after 90 s
    return _paced(exchange, lambda _, at: at + 95_000) if _has_first_token(exchange) else None


def half_as_slow_again(exchange: Exchange) -> Exchange | None:
    """Half as slow again (B35)."""
    # chosen: below first-token-slower's three times
    return _paced(exchange, lambda _, at: at * 1.5) if _has_first_token(exchange) else None


def _has_first_token(exchange: Exchange) -> bool:
    return streamed(exchange) and seen(exchange).timing.first_token is not None


def stream_buffered(exchange: Exchange) -> Exchange | None:
    """A proxy holds the stream back: nothing for seconds, then everything at once.

    Fits streams whose tokens take a second at least.
    """
    timing = seen(exchange).timing
    # Twice stream-buffered's 500 ms, and its five tokens: the rule can see what the mutation does.
    flowing = timing.spread is not None and timing.spread >= 1000 and len(timing.gaps) > 4
    if not streamed(exchange) or not flowing:
        return None
    last = exchange.chunks[-1].at_ms
    # a tenth of a millisecond apart: LA01's burst of 20 ms
    return _paced(exchange, lambda i, _: last - 0.1 * (len(exchange.chunks) - i))


def stream_stalls(exchange: Exchange) -> Exchange | None:
    """The stream stops for a minute in the middle: idle timers fire on a healthy connection."""
    half = len(exchange.chunks) // 2
    flowing = streamed(exchange) and len(seen(exchange).timing.gaps) > 4
    # a minute, as in the rows of stream-stalled
    return _paced(exchange, lambda i, at: at + 60_000 if i >= half else at) if flowing else None


def stream_clumped(exchange: Exchange) -> Exchange | None:
    """A proxy passes on what it read every few hundred milliseconds: text jumps.

    Fits streams of single tokens that fill three such clumps.
    """
    timing = seen(exchange).timing
    if not streamed(exchange) or len(timing.gaps) < 10 or _in_clumps(timing.gaps):
        return None
    # haproxy's 250 ms (LA08), or as long as four of the longest gaps
    every = max(250.0, 4 * percentile(timing.gaps, 95))
    fills = (timing.spread or 0.0) >= 3 * every
    return _paced(exchange, lambda _, at: every * math.ceil(at / every)) if fills else None


def _in_clumps(gaps: Sequence[float]) -> bool:
    """Whether the route itself does it: half of the gaps are a tenth of the mean one."""
    # tokens in pairs become eights, which stream-clumped can see
    return sum(gap <= sum(gaps) / len(gaps) / 10 for gap in gaps) > len(gaps) / 2


def error_delayed(exchange: Exchange) -> Exchange | None:
    """The gateway tries three times before it passes the error on: fallbacks start late."""
    # LA07: LiteLLM's 7 s
    return _paced(exchange, lambda _, at: at + 7000, 7000) if _timed_error(exchange) else None


def error_somewhat_later(exchange: Exchange) -> Exchange | None:
    """Half as slow again (B35)."""
    total = exchange.total_ms or 0.0
    return _paced(exchange, lambda _, at: at + total / 2, total / 2) if _timed_error(exchange) else None


def _timed_error(exchange: Exchange) -> bool:
    # error-slower's five times: with 7 s more, a golden error of 1.75 s is not five times slower
    return refused(exchange) and timed(exchange) and 0 < (exchange.total_ms or 0.0) < 1500


def tool_call_held_back(exchange: Exchange) -> Exchange | None:
    """The server holds a call back until it has parsed it: nobody sees its arguments grow."""
    made = sum(len(choice.tool_calls) for choice in answer(exchange).choices)
    parts = len(places(pieces_of(exchange), "tool")) if streamed(exchange) else 0
    # tool-call-in-one-block's four parts of a call
    return call_in_one_block(exchange) if made and parts >= 4 * made else None


def parts_held_back(exchange: Exchange) -> Exchange | None:
    """A gateway collects the parts of a stream for seconds: text comes in blocks."""
    return _sent_on_later(exchange, 2_500.0)


def parts_sent_on(exchange: Exchange) -> Exchange | None:
    """A gateway needs a few milliseconds for each part."""
    return _sent_on_later(exchange, 8.0)


def _sent_on_later(exchange: Exchange, ms: float) -> Exchange | None:
    fits = _has_first_token(exchange)
    return answered_by(exchange, _paced(exchange, lambda _, at: at + ms)) if fits else None


def _paced(exchange: Exchange, at: Callable[[int, float], float], later: float = 0.0) -> Exchange:
    """The exchange with other arrival times of its chunks; `at` gets the number of a chunk and its time in ms. `later`
    is how much later it ends where no chunk tells."""
    times = [at(i, chunk.at_ms) for i, chunk in enumerate(exchange.chunks)]
    chunks = tuple(Chunk(ms, chunk.size) for ms, chunk in zip(times, exchange.chunks, strict=True))
    late = times[-1] - exchange.chunks[-1].at_ms if times else later
    return replace(exchange, chunks=chunks, total_ms=None if exchange.total_ms is None else exchange.total_ms + late)


MUTATIONS = (
    Row(
        drifts=("LA02",),
        severity=Severity.RISKY,
        summary="the first token comes after a minute and a half",
        caught_by=("first-token-slower", "stream-buffered"),
        apply=first_token_late,
        twin=half_as_slow_again,
        exercised_by=("chat-stream", "count-stream"),
    ),
    Row(
        drifts=("LA01",),
        severity=Severity.RISKY,
        summary="the whole stream arrives at once",
        caught_by=("stream-buffered",),
        apply=stream_buffered,
        twin=bursts,
        exercised_by=("long-stream", "count-stream", "prose-stream"),
    ),
    Row(
        drifts=("LA03",),
        severity=Severity.RISKY,
        summary="the stream stops for a minute",
        caught_by=("stream-stalled",),
        apply=stream_stalls,
        twin=bursts,
        exercised_by=("count-stream", "long-stream", "prose-stream"),
    ),
    Row(
        drifts=("LA08",),
        # B35: nobody fails on a burst
        severity=Severity.INFO,
        summary="the stream arrives in clumps",
        caught_by=("stream-clumped",),
        apply=stream_clumped,
        twin=bursts,
        exercised_by=("count-stream", "long-stream", "prose-stream"),
    ),
    Row(
        drifts=("LA07",),
        severity=Severity.RISKY,
        summary="an error comes after hidden retries",
        caught_by=("error-slower",),
        apply=error_delayed,
        twin=error_somewhat_later,
        exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key"),
    ),
    Row(
        drifts=("RQ26",),
        severity=Severity.RISKY,
        summary="a gateway collects the parts of a stream",
        caught_by=("stream-delayed",),
        apply=parts_held_back,
        twin=parts_sent_on,
        exercised_by=("chat-stream", "count-stream"),
    ),
    Row(
        drifts=("LA05",),
        severity=Severity.INFO,
        summary="a tool call comes in one block",
        caught_by=("tool-call-in-one-block",),
        apply=tool_call_held_back,
        twin=other_spacing_of_arguments,
        exercised_by=("tool-forced-stream", "tool-parallel-stream"),
    ),
)
