"""Parts of a stream that no parser of events takes: broken JSON, bare JSON, plain text, bytes that are no UTF-8."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import is_text
from gate.mutations.facts import streamed
from gate.mutations.frames import Piece, after_first, broken_off, halfway, in_events, spliced
from gate.mutations.harmless import respaced
from gate.mutations.harmless_streams import fewer_events
from gate.mutations.replies import rewritten
from gate.mutations.texts import with_text

# Google's error for a used-up quota, which T19's reports have between the events
_EXHAUSTED = b'{"code":429,"message":"Resource has been exhausted","details":"RESOURCE_EXHAUSTED"}\n'
# three bytes in UTF-8: two of them are a character cut apart
_SNOWMAN = "\N{SNOWMAN}"


def malformed_event(exchange: Exchange) -> Exchange | None:
    """One event of an otherwise whole stream is broken JSON: strict clients give up the request there."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        half = halfway(exchange, pieces)
        return spliced(pieces, half - 1, pieces[half - 1].sub(rb"\}(\s*)\Z", rb"\1")) if half else None

    return in_events(exchange, edit)


def sse_bare_json(exchange: Exchange) -> Exchange | None:
    """Error JSON without `data:` in an event stream: the standard takes it for an unknown field and drops it."""
    return broken_off(exchange, lambda before: before.framed(_EXHAUSTED))


def empty_comment(exchange: Exchange) -> Exchange | None:
    """An empty comment."""
    return after_first(exchange, b":\n\n")


def sse_plain_text_error(exchange: Exchange) -> Exchange | None:
    """An engine fails in mid-stream and says so in plain text: `data: error: boom`."""
    return broken_off(exchange, lambda before: before.framed(b"data: error: boom\n\n"))


def utf8_damaged(exchange: Exchange) -> Exchange | None:
    """A proxy cuts a character in two and forwards the halves apart: the bytes are no UTF-8 any more."""
    snowy = text_beyond_ascii(exchange)
    body = snowy.response.body if snowy and snowy.response else b""
    damaged = body.replace(_SNOWMAN.encode(), _SNOWMAN.encode()[:2])
    return None if snowy is None or damaged == body else rewritten(snowy, damaged)


def text_beyond_ascii(exchange: Exchange) -> Exchange | None:
    """A text with a whole character of several bytes."""
    fits = streamed(exchange) and is_text(exchange)
    return with_text(exchange, lambda text: f"{_SNOWMAN}{text}") if fits else None


_STREAMS = ("chat-stream", "responses-stream")

MUTATIONS = (
    Row(
        drifts=("T31",),
        severity=Severity.BREAKING,
        summary="one event is broken JSON",
        caught_by=("sse-not-json",),
        apply=malformed_event,
        twin=respaced,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T19",),
        severity=Severity.BREAKING,
        summary="bare JSON in an event stream",
        caught_by=("sse-not-json",),
        apply=sse_bare_json,
        twin=empty_comment,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T18",),
        severity=Severity.BREAKING,
        summary="an error in mid-stream as plain text",
        caught_by=("sse-not-json",),
        apply=sse_plain_text_error,
        twin=fewer_events,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T31",),
        # T31 is breaking for JSON that no parser reads; decoders with replacement still show the text
        severity=Severity.RISKY,
        summary="bytes that are no UTF-8 in the stream",
        caught_by=("utf8-damaged",),
        apply=utf8_damaged,
        twin=text_beyond_ascii,
        exercised_by=("chat-stream",),
    ),
)
