"""Another form of answer than the one asked for: a body for a stream, a stream for a body, lines, a redirect."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from gate.model import Exchange, Hop, Severity
from gate.mutations import Row
from gate.mutations.chat import answer, choices
from gate.mutations.facts import CHAT, seen, served, streamed
from gate.mutations.frames import Piece, in_events
from gate.mutations.harmless import again, respaced
from gate.mutations.harmless_streams import text_in_one_event
from gate.mutations.replies import replied
from gate.mutations.values import written

# the error of T21's report: status 200, and no event
_BUSY = {"error": {"message": "service busy", "type": "server_error", "param": None, "code": None}}


def ndjson_stream(exchange: Exchange) -> Exchange | None:
    """One JSON object a line, as Ollama's own API streams, on an OpenAI path: clients see no events."""

    def edit(pieces: list[Piece]) -> list[Piece]:
        docs = [piece for piece in pieces if isinstance(piece.doc, dict)]
        return [replace(piece, raw=written(piece.doc, b'{"":0') + b"\n") for piece in docs]

    return in_events(exchange, edit, headers={"content-type": "application/x-ndjson"})


def plain_answered_as_stream(exchange: Exchange) -> Exchange | None:
    """A gateway streams to everybody: clients that asked for one JSON body can't parse it."""
    body = seen(exchange).body
    if not served(exchange, CHAT) or not isinstance(body, dict):
        return None
    chunk = {**body, "object": "chat.completion.chunk", "choices": [_as_delta(choice) for choice in choices(body)]}
    return replied(exchange, 200, b"data: " + json.dumps(chunk).encode() + b"\n\ndata: [DONE]\n\n", "text/event-stream")


def _as_delta(choice: dict[str, Any]) -> dict[str, Any]:
    delta = {**choice, "delta": choice.get("message")}
    return {key: value for key, value in delta.items() if key != "message"}


def stream_answered_plain(exchange: Exchange) -> Exchange | None:
    """The stream flag is ignored: one JSON body comes, and parsers of event streams yield nothing."""
    final = answer(exchange).final
    fits = streamed(exchange) and isinstance(final, dict) and bool(final)
    return replied(exchange, 200, final) if fits else None


def stream_answered_with_error(exchange: Exchange) -> Exchange | None:
    """A busy route answers a streaming request with status 200 and a JSON error: the reply looks empty."""
    return replied(exchange, 200, _BUSY) if streamed(exchange) else None


def redirected(exchange: Exchange) -> Exchange | None:
    """A slash or another host: many clients repeat a redirected POST as a GET, or lose its Authorization."""
    # 301 turns a POST into a GET in most clients: https://www.rfc-editor.org/rfc/rfc9110#section-15.4.2
    return _hopping(exchange, "POST", 301)


def get_redirected(exchange: Exchange) -> Exchange | None:
    """A redirected GET that ends in the same JSON."""
    # 307 keeps the method: https://www.rfc-editor.org/rfc/rfc9110#section-15.4.8
    return _hopping(exchange, "GET", 307)


def _hopping(exchange: Exchange, method: str, status: int) -> Exchange | None:
    fits = served(exchange) and not exchange.hops and exchange.request.method == method
    return replace(exchange, hops=(Hop(status, f"{exchange.request.url}/"),)) if fits else None


_STREAMS = ("chat-stream", "responses-stream")

MUTATIONS = (
    Row(
        drifts=("T23",),
        severity=Severity.BREAKING,
        summary="JSON lines in place of an event stream",
        caught_by=("stream-not-sse",),
        apply=ndjson_stream,
        twin=respaced,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T20",),
        severity=Severity.BREAKING,
        summary="one JSON body was asked for, a stream came",
        caught_by=("plain-answered-as-stream",),
        apply=plain_answered_as_stream,
        twin=again,
        exercised_by=("chat", "tool-forced"),
    ),
    Row(
        drifts=("T20",),
        severity=Severity.BREAKING,
        summary="a stream was asked for, one JSON body came",
        caught_by=("stream-not-sse",),
        apply=stream_answered_plain,
        twin=text_in_one_event,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T21",),
        severity=Severity.BREAKING,
        summary="status 200 and a JSON error where a stream was asked for",
        caught_by=("error-in-200",),
        apply=stream_answered_with_error,
        twin=again,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T29",),
        severity=Severity.BREAKING,
        summary="a POST is redirected",
        caught_by=("redirected",),
        apply=redirected,
        twin=get_redirected,
        exercised_by=("chat", "embed"),
    ),
)
