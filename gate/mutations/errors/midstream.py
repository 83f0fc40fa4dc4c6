"""Errors in streams: after half of an answer or beside it, and what becomes of those with which a stream ends."""

from __future__ import annotations

from typing import Any

from gate.model import Ending, Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.edit import in_docs
from gate.mutations.facts import CHAT, fails_within
from gate.mutations.frames import Edit, Piece, broken_off, edited, halfway, in_events
from gate.mutations.harmless_streams import fewer_events
from gate.mutations.values import every, put
from gate.observe.answer import FAILURES, errors_within

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


def warnings_empty(exchange: Exchange) -> Exchange | None:
    """A struct without members under a name that nobody reads."""
    return in_docs(exchange, lambda doc: put(doc, "warnings", {}), CHAT)


# -- of a stream that fails -----------------------------------------------------------------------


def stream_error_dropped(exchange: Exchange) -> Exchange | None:
    """The error is dropped on its way: half an answer passes for a whole one."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        left = [piece for piece in pieces if not _fails(piece)]
        # an empty body is another drift
        return left if any(isinstance(piece.doc, dict) for piece in left) else None

    return _in_failed(exchange, edit)


def stream_error_unexplained(exchange: Exchange) -> Exchange | None:
    """The stream says that it failed, and not why."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        if not any(_words(part, piece.doc) for piece in pieces for part in errors_within(piece.doc)):
            return None
        failed = any("failed" in piece.kinds for piece in pieces)
        # a response that failed says so without any error
        left = [piece for piece in pieces if not (failed and "error" in piece.kinds)]
        return [piece.changed(_silenced) if _fails(piece) else piece for piece in left]

    return _in_failed(exchange, edit)


def _silenced(doc: Json) -> bool:
    return every(errors_within(doc), lambda part: every(_words(part, doc), lambda key: put(part, key, None)))


def _words(part: dict[str, Any], doc: Json) -> list[str]:
    """What an error says of its reason; the `type` of an error event is that of the event."""
    return [key for key in ("code", "type", "message") if part.get(key) and not (key == "type" and part is doc)]


def stream_error_recoded(exchange: Exchange) -> Exchange | None:
    """The gateway has a code of its own for it: retries go by another one."""
    return _in_error(exchange, "code", "upstream_error")


def stream_error_retyped(exchange: Exchange) -> Exchange | None:
    """The gateway has a type of its own for it."""
    return _in_error(exchange, "type", "gateway_error")


def stream_error_reworded(exchange: Exchange) -> Exchange | None:
    """The gateway's words before the provider's (B36), by which LangChain knows an input that is too long."""
    return _in_error(exchange, "message", "upstream: {}")


def stream_error_unknown(exchange: Exchange) -> Exchange | None:
    """The gateway's words in place of the provider's."""
    return _in_error(exchange, "message", "It did not work out.")


def _in_error(exchange: Exchange, key: str, word: str) -> Exchange | None:
    """`{}` in the word is what the golden has."""

    def change(doc: Json) -> bool:
        return every(
            errors_within(doc), lambda part: key in _words(part, doc) and put(part, key, word.format(part[key]))
        )

    return _in_failed(exchange, lambda pieces: [piece.changed(change) for piece in pieces])


def _in_failed(exchange: Exchange, edit: Edit) -> Exchange | None:
    return edited(exchange, edit) if fails_within(exchange) else None


def _fails(piece: Piece) -> bool:
    return not FAILURES.isdisjoint(piece.kinds)


_FAILING = ("responses-too-long-stream",)

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
        twin=warnings_empty,
        exercised_by=("chat", "chat-stream"),
    ),
    Row(
        drifts=("ER33",),
        severity=Severity.BREAKING,
        summary="the error of a stream is dropped",
        caught_by=("stream-error-lost",),
        apply=stream_error_dropped,
        twin=stream_error_reworded,
        exercised_by=_FAILING,
    ),
    Row(
        drifts=("ER32",),
        severity=Severity.BREAKING,
        summary="a stream fails without its reason",
        caught_by=("stream-error-reason-lost",),
        apply=stream_error_unexplained,
        twin=stream_error_reworded,
        exercised_by=_FAILING,
    ),
    Row(
        drifts=("ER31",),
        severity=Severity.RISKY,
        summary="the error of a stream has another code",
        caught_by=("stream-error-code-changed",),
        apply=stream_error_recoded,
        twin=stream_error_reworded,
        exercised_by=_FAILING,
    ),
    Row(
        drifts=("ER37",),
        severity=Severity.BREAKING,
        summary="nobody knows by its words that an input is too long",
        caught_by=("overflow-words-lost",),
        apply=stream_error_unknown,
        twin=stream_error_reworded,
        exercised_by=_FAILING,
    ),
    Row(
        drifts=("ER31",),
        severity=Severity.RISKY,
        summary="the error of a stream has another type",
        caught_by=("stream-error-type-changed",),
        apply=stream_error_retyped,
        twin=stream_error_reworded,
        exercised_by=_FAILING,
    ),
)
