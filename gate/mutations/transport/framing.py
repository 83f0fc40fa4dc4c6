"""How events are framed, by the standard or nearly: https://html.spec.whatwg.org/multipage/server-sent-events.html"""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import is_text
from gate.mutations.facts import streamed
from gate.mutations.frames import Piece, after_first, in_events, pieces_of
from gate.mutations.harmless import again, respaced
from gate.mutations.harmless_streams import comments
from gate.mutations.texts import with_text


def sse_comment_after_id(exchange: Exchange) -> Exchange | None:
    """Once an id was sent, openai-python up to 2.37 makes an empty event of every comment."""

    def numbered(piece: Piece) -> tuple[Piece, Piece]:
        # any id arms the mistake (T13)
        return piece.sub(rb"^data:", b"id: 4\ndata:", 1), piece.framed(b": ping\n\n")

    return in_events(exchange, lambda pieces: [part for piece in pieces for part in numbered(piece)])


def sse_comments(exchange: Exchange) -> Exchange | None:
    """Comments keep the connection alive: parsers without them give each to their JSON decoder."""
    return None if _commented(exchange) else comments(exchange)


def _commented(exchange: Exchange) -> bool:
    return streamed(exchange) and any(piece.raw.startswith(b":") for piece in pieces_of(exchange))


def sse_crlf(exchange: Exchange) -> Exchange | None:
    """CRLF between events: clients that split at two LFs never see a boundary."""
    return _each_frame(exchange, rb"(?<!\r)\n", b"\r\n")


def sse_data_split(exchange: Exchange) -> Exchange | None:
    """One JSON text over two `data:` lines: the standard joins them, naive parsers read each alone."""
    return _each_frame(exchange, rb"^data: ?\{", b"data: {\ndata: ", 1)


def text_with_line_break(exchange: Exchange) -> Exchange | None:
    r"""A text with a line break, which JSON escapes."""
    return with_text(exchange, lambda text: f"{text}\n")


def sse_doubled_prefix(exchange: Exchange) -> Exchange | None:
    """A gateway wraps text that is an event stream already: `data: data: {…}`."""
    return _each_frame(exchange, rb"^data: ?", b"data: data: ", 1)


def text_with_prefix(exchange: Exchange) -> Exchange | None:
    """A text that says `data: `."""
    return with_text(exchange, lambda text: f"data: {text}") if is_text(exchange) else None


def sse_event_without_data(exchange: Exchange) -> Exchange | None:
    """`event: keepalive` and a blank line: SDKs give the empty data to their JSON parser."""
    return after_first(exchange, b"event: keepalive\n\n")


def ids_beside_data(exchange: Exchange) -> Exchange | None:
    """Ids beside data, and no comments, of which they would make empty events (T13)."""
    return None if _commented(exchange) else _each_frame(exchange, rb"^data:", b"id: 7\ndata:", 1)


def sse_keepalive_as_data(exchange: Exchange) -> Exchange | None:
    """A gateway wraps a keep-alive comment into a data event: `data: : keepalive` is no JSON."""
    return after_first(exchange, b"data: : keepalive\n\n")


def text_like_comment(exchange: Exchange) -> Exchange | None:
    """A text that starts like a comment."""
    return with_text(exchange, lambda text: f": {text}") if is_text(exchange) else None


def sse_no_space(exchange: Exchange) -> Exchange | None:
    """`data:{…}` in place of `data: {…}`: right by the standard, and unreadable for parsers that match the prefix."""
    return _each_frame(exchange, rb"^data: ", b"data:")


def _each_frame(exchange: Exchange, pattern: bytes, new: bytes, count: int = 0) -> Exchange | None:
    return in_events(exchange, lambda pieces: [piece.sub(pattern, new, count) for piece in pieces])


def sse_last_event_unterminated(exchange: Exchange) -> Exchange | None:
    """The stream ends right after its last line: parsers that keep the standard drop that event."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        last = max((i for i, piece in enumerate(pieces) if isinstance(piece.doc, dict)), default=None)
        return None if last is None else [*pieces[:last], _unterminated(pieces[last])]

    return in_events(exchange, edit)


def done_unterminated(exchange: Exchange) -> Exchange | None:
    """Only the sentinel, which says nothing more, lacks its blank line."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        return [*pieces[:-1], _unterminated(pieces[-1])] if "done" in pieces[-1].kinds else None

    return in_events(exchange, edit)


def _unterminated(piece: Piece) -> Piece:
    # one line feed is left: the line is whole, the event is not (T04)
    return piece.sub(rb"(\r?\n)+\Z", b"\n")


_STREAMS = ("chat-stream", "responses-stream")

MUTATIONS = (
    Row(
        drifts=("T13", "SD04"),
        severity=Severity.BREAKING,
        summary="ids on events, and comments between them",
        caught_by=("sse-frame-without-data",),
        apply=sse_comment_after_id,
        twin=comments,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T02",),
        severity=Severity.RISKY,
        summary="events end with CRLF",
        caught_by=("sse-line-ends",),
        apply=sse_crlf,
        twin=again,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T09",),
        severity=Severity.RISKY,
        summary="one JSON text over several data lines",
        caught_by=("sse-data-split",),
        apply=sse_data_split,
        twin=text_with_line_break,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T14",),
        severity=Severity.BREAKING,
        summary="`data: data:` before each event",
        caught_by=("sse-not-json",),
        apply=sse_doubled_prefix,
        twin=text_with_prefix,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T12",),
        severity=Severity.BREAKING,
        summary="events without data",
        caught_by=("sse-frame-without-data",),
        apply=sse_event_without_data,
        twin=ids_beside_data,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T11",),
        severity=Severity.BREAKING,
        summary="a keep-alive comment comes as data",
        caught_by=("sse-not-json",),
        apply=sse_keepalive_as_data,
        twin=text_like_comment,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T01",),
        severity=Severity.RISKY,
        summary="no space after `data:`",
        caught_by=("sse-no-space",),
        apply=sse_no_space,
        twin=respaced,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T04", "SD04"),
        severity=Severity.BREAKING,
        summary="the last event lacks its blank line",
        caught_by=("sse-last-frame-unterminated",),
        apply=sse_last_event_unterminated,
        twin=done_unterminated,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T10",),
        severity=Severity.INFO,
        summary="comments that keep the connection alive",
        caught_by=("sse-comments",),
        apply=sse_comments,
        twin=again,
        exercised_by=_STREAMS,
    ),
)
