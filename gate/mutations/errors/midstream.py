"""Errors in mid-stream, after half of the answer, or beside it."""

from __future__ import annotations

from gate.model import Ending, Exchange, Severity
from gate.mutations import Row
from gate.mutations.edit import in_docs
from gate.mutations.facts import CHAT
from gate.mutations.frames import Piece, broken_off, halfway, in_events
from gate.mutations.harmless_streams import fewer_events
from gate.mutations.values import put

_FAILED = {"code": "server_error", "message": "Provider disconnected"}
_BOOM = {"error": {"message": "boom", "type": "server_error", "param": None, "code": None}}
# https://docs.anthropic.com/en/api/errors, as Anthropic streams it (ER23)
_OVERLOADED = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'


def error_in_stream(exchange: Exchange) -> Exchange | None:
    """The provider fails in mid-stream and says so with finish_reason `error`.

    An exotic stop that looks like success.
    """

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        half = halfway(exchange, pieces)
        if not half:
            return None
        # OpenRouter's chunk: a top-level error and a choice that looks finished (ER08)
        failed = {"index": 0, "delta": {"content": ""}, "finish_reason": "error"}
        last = pieces[half - 1].beside({**pieces[half - 1].doc, "error": _FAILED, "choices": [failed]})
        return [*pieces[:half], last, *(piece for piece in pieces if "done" in piece.kinds)]

    return in_events(exchange, edit, CHAT)


def error_then_nothing(exchange: Exchange) -> Exchange | None:
    """An error in mid-stream, and then neither [DONE] nor an end: clients wait, or report a broken transfer."""
    reset = {"ending": Ending.RESET, "detail": "connection reset by peer"}
    return broken_off(exchange, lambda before: before.beside(_BOOM), CHAT, **reset)


def error_foreign(exchange: Exchange) -> Exchange | None:
    """Anthropic's error event is forwarded on an OpenAI stream: it falls through parsers as an unknown chunk."""
    return broken_off(exchange, lambda before: before.framed(_OVERLOADED), CHAT)


def error_member_empty(exchange: Exchange) -> Exchange | None:
    """A struct without members beside the answer: true to JavaScript, so that openai-node throws."""
    return in_docs(exchange, lambda doc: put(doc, "error", {}), CHAT)


def error_member_null(exchange: Exchange) -> Exchange | None:
    """The same member, and null in it."""
    return in_docs(exchange, lambda doc: put(doc, "error", None), CHAT)


MUTATIONS = (
    Row(
        drifts=("ER08",),
        severity=Severity.BREAKING,
        summary="an error in mid-stream",
        caught_by=("stream-error",),
        apply=error_in_stream,
        twin=fewer_events,
        exercised_by=("chat-stream", "tool-forced-stream"),
    ),
    Row(
        drifts=("ER09",),
        severity=Severity.RISKY,
        summary="an error in mid-stream, and no end",
        caught_by=("body-cut",),
        apply=error_then_nothing,
        twin=fewer_events,
        exercised_by=("chat-stream",),
    ),
    Row(
        drifts=("ER23",),
        severity=Severity.RISKY,
        summary="an error event of another API in the stream",
        caught_by=("stream-error",),
        apply=error_foreign,
        twin=fewer_events,
        exercised_by=("chat-stream",),
    ),
    Row(
        drifts=("ER35",),
        severity=Severity.RISKY,
        summary="an empty error beside the answer",
        caught_by=("error-member-empty",),
        apply=error_member_empty,
        twin=error_member_null,
        exercised_by=("chat", "chat-stream"),
    ),
)
