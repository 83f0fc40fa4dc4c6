"""How an answer ends: cut, too early, too late, or never."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gate.model import Ending, Exchange, Severity
from gate.mutations import Row
from gate.mutations.facts import CHAT, COMPLETIONS, plain, served, streamed
from gate.mutations.frames import Piece, halfway, in_events, places
from gate.mutations.harmless import kept_alive
from gate.mutations.harmless_streams import fewer_events
from gate.mutations.replies import cut

# httpx's words in RemoteProtocolError (T27)
_PEER_CLOSED = "peer closed connection without sending complete message body"


def answer_timeout(exchange: Exchange) -> Exchange | None:
    """Nothing comes within the timeouts: clients give up, send the same again, and pay twice."""
    if not served(exchange):
        return None
    return replace(exchange, response=None, chunks=(), ending=Ending.TIMEOUT, detail="no response within 60 s")


def body_cut(exchange: Exchange) -> Exchange | None:
    """A load balancer gives up on a long answer: half of a JSON body arrives."""
    return _half(exchange) if plain(exchange) else None


def stream_cut(exchange: Exchange) -> Exchange | None:
    """A proxy cuts a long generation: the last chunk of the transfer never arrives."""
    return _half(exchange) if streamed(exchange) else None


def _half(exchange: Exchange) -> Exchange | None:
    size = len(exchange.response.body) if exchange.response else 0
    return cut(exchange, size // 2, Ending.CUT, _PEER_CLOSED) if size > 1 else None


def stream_ends_early(exchange: Exchange) -> Exchange | None:
    """The gateway loses its upstream and ends its own response as if all were well: half an answer looks whole."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        half = pieces[: halfway(exchange, pieces)]
        # some routes finish with the first chunk: then half of the stream is a whole answer
        return None if places(half, "finish", "completed", "incomplete") else half or None

    return in_events(exchange, edit)


def sse_done_missing(exchange: Exchange) -> Exchange | None:
    """A whole answer, a clean end, and no `data: [DONE]`: clients that wait for it take the answer for cut."""
    return _without_done(exchange)


def stream_left_open(exchange: Exchange) -> Exchange | None:
    """The last chunk came, but neither [DONE] nor the end of the response: clients hang after a complete answer."""
    # 30 s is chosen: an idle timeout of the recorder, as its detail says
    total = None if exchange.total_ms is None else exchange.total_ms + 30_000
    return _without_done(exchange, ending=Ending.TIMEOUT, detail="nothing came for 30 s", total_ms=total)


def _without_done(exchange: Exchange, **facts: Any) -> Exchange | None:
    def edit(pieces: list[Piece]) -> list[Piece]:
        return [piece for piece in pieces if "done" not in piece.kinds]

    return in_events(exchange, edit, CHAT, COMPLETIONS, **facts)


def line_break_at_end(exchange: Exchange) -> Exchange | None:
    """One more line break at the end."""
    return in_events(exchange, lambda pieces: [*pieces, pieces[-1].framed(b"\n")])


_STREAMS = ("chat-stream", "tool-forced-stream", "responses-stream")

MUTATIONS = (
    Row(
        drifts=("LA02",),
        # LA02 is risky for a late token; here none comes at all
        severity=Severity.BREAKING,
        summary="no response in time",
        caught_by=("no-answer-in-time",),
        apply=answer_timeout,
        twin=kept_alive,
        exercised_by=("chat", "chat-stream", "embed"),
    ),
    Row(
        drifts=("T27",),
        severity=Severity.BREAKING,
        summary="the connection is cut in the middle of the body",
        caught_by=("body-cut",),
        apply=body_cut,
        twin=kept_alive,
        exercised_by=("chat", "embed"),
    ),
    Row(
        drifts=("T27",),
        severity=Severity.BREAKING,
        summary="the connection is cut in the middle of the stream",
        caught_by=("body-cut",),
        apply=stream_cut,
        twin=kept_alive,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T07", "RS07"),
        severity=Severity.BREAKING,
        summary="the stream ends in the middle of the answer, without an error",
        caught_by=("stream-unfinished",),
        apply=stream_ends_early,
        twin=fewer_events,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T05",),
        severity=Severity.RISKY,
        summary="[DONE] never comes",
        caught_by=("done-missing",),
        apply=sse_done_missing,
        twin=line_break_at_end,
        exercised_by=("chat-stream",),
    ),
    Row(
        drifts=("T06",),
        severity=Severity.BREAKING,
        summary="the stream never ends",
        caught_by=("stream-not-closed",),
        apply=stream_left_open,
        twin=kept_alive,
        exercised_by=("chat-stream",),
    ),
)
