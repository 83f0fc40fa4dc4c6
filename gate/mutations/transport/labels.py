"""How a body is packed and labelled: Content-Encoding, Content-Type, and space around JSON."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.facts import plain, seen, served, streamed, timed
from gate.mutations.harmless import compressed_json
from gate.mutations.replies import gzipped, labelled, rewritten


def encoding_false(exchange: Exchange) -> Exchange | None:
    """A gateway unpacks the body and keeps the label `content-encoding: gzip`: a 200 that no client can read."""
    return labelled(exchange, content_encoding="gzip") if served(exchange) and timed(exchange) else None


def stream_gzipped(exchange: Exchange) -> Exchange | None:
    """A compressed event stream: flushed late, and ended too early by old HTTP stacks."""
    return gzipped(exchange) if streamed(exchange) else None


def json_mislabelled(exchange: Exchange) -> Exchange | None:
    """JSON labelled as plain text: openai-python hands it out as one string."""
    return labelled(exchange, content_type="text/plain") if plain(exchange) else None


def json_with_charset(exchange: Exchange) -> Exchange | None:
    """A parameter of the media type (B31)."""
    return labelled(exchange, content_type="application/json; charset=utf-8") if plain(exchange) else None


def stream_mislabelled(exchange: Exchange) -> Exchange | None:
    """An event stream labelled as JSON: clients that go by the label parse it as one document."""
    fits = streamed(exchange) and bool(seen(exchange).media_type)
    return labelled(exchange, content_type="application/json") if fits else None


def stream_with_charset(exchange: Exchange) -> Exchange | None:
    """A parameter of the media type (B31)."""
    return labelled(exchange, content_type="text/event-stream; charset=utf-8") if streamed(exchange) else None


def json_leading_space(exchange: Exchange) -> Exchange | None:
    """A space keeps the connection alive before a JSON body, which then does not start with `{`."""
    return _around(exchange, b" ", b"")


def json_trailing_newline(exchange: Exchange) -> Exchange | None:
    """A line break after the JSON."""
    return _around(exchange, b"", b"\n")


def _around(exchange: Exchange, before: bytes, after: bytes) -> Exchange | None:
    body = exchange.response.body if exchange.response else b""
    return rewritten(exchange, before + body + after) if plain(exchange) and not body[:1].isspace() else None


_PLAIN = ("chat", "embed")
_STREAMS = ("chat-stream", "responses-stream")

MUTATIONS = (
    Row(
        drifts=("T24",),
        severity=Severity.BREAKING,
        summary="Content-Encoding says gzip, the body is not",
        apply=encoding_false,
        twin=compressed_json,
        exercised_by=("chat", "chat-stream", "embed"),
    ),
    Row(
        drifts=("T25",),
        severity=Severity.RISKY,
        summary="the stream is compressed",
        apply=stream_gzipped,
        twin=compressed_json,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("S36",),
        severity=Severity.RISKY,
        summary="JSON labelled as plain text",
        apply=json_mislabelled,
        twin=json_with_charset,
        exercised_by=_PLAIN,
    ),
    Row(
        drifts=("T14",),
        # T14 is breaking by its doubled prefix; openai-python does not look at the label of a stream
        severity=Severity.RISKY,
        summary="an event stream labelled as JSON",
        apply=stream_mislabelled,
        twin=stream_with_charset,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T32",),
        severity=Severity.RISKY,
        summary="whitespace before the JSON body",
        apply=json_leading_space,
        twin=json_trailing_newline,
        exercised_by=_PLAIN,
    ),
)
