"""How a body is packed and labelled: Content-Encoding, Content-Type, request ids, and space around JSON."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.facts import plain, refused, seen, served, streamed, timed
from gate.mutations.harmless import compressed_json, other_headers
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


def error_labelled_stream(exchange: Exchange) -> Exchange | None:
    """A JSON error labelled as an event stream: SSE clients find no event in it, and report an empty error."""
    return labelled(exchange, content_type="text/event-stream") if _json_error(exchange) else None


def error_with_charset(exchange: Exchange) -> Exchange | None:
    """A parameter of the media type (B31)."""
    return labelled(exchange, content_type="application/json; charset=utf-8") if _json_error(exchange) else None


def _json_error(exchange: Exchange) -> bool:
    return refused(exchange) and seen(exchange).media_type == "application/json"


def request_id_echoed(exchange: Exchange) -> Exchange | None:
    """The gateway answers with the request id that the client sent: the provider's own is lost."""
    observation = seen(exchange)
    own = observation.headers.get("x-request-id", "")
    sent = observation.request_id
    return labelled(exchange, x_request_id=sent) if own and sent and own != sent else None


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
        caught_by=("content-encoding-false",),
        apply=encoding_false,
        twin=compressed_json,
        exercised_by=("chat", "chat-stream", "embed"),
    ),
    Row(
        drifts=("T25",),
        severity=Severity.RISKY,
        summary="the stream is compressed",
        caught_by=("stream-compressed",),
        apply=stream_gzipped,
        twin=compressed_json,
        exercised_by=(*_STREAMS, "gzip-stream", "encodings-stream"),
    ),
    Row(
        drifts=("S36",),
        severity=Severity.RISKY,
        summary="JSON labelled as plain text",
        caught_by=("content-type-changed",),
        apply=json_mislabelled,
        twin=json_with_charset,
        exercised_by=_PLAIN,
    ),
    Row(
        drifts=("T14",),
        # T14 is breaking by its doubled prefix; openai-python does not look at the label of a stream
        severity=Severity.RISKY,
        summary="an event stream labelled as JSON",
        caught_by=("content-type-changed",),
        apply=stream_mislabelled,
        twin=stream_with_charset,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("ER24",),
        severity=Severity.RISKY,
        summary="a JSON error labelled as an event stream",
        caught_by=("content-type-changed",),
        apply=error_labelled_stream,
        twin=error_with_charset,
        exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key"),
    ),
    Row(
        drifts=("T36",),
        # no answer is worse for it
        severity=Severity.INFO,
        summary="x-request-id is the client's own",
        caught_by=("request-id-lost",),
        apply=request_id_echoed,
        twin=other_headers,
        exercised_by=("chat", "chat-stream", "embed"),
    ),
    Row(
        drifts=("T32",),
        severity=Severity.RISKY,
        summary="whitespace before the JSON body",
        caught_by=("body-padded",),
        apply=json_leading_space,
        twin=json_trailing_newline,
        exercised_by=_PLAIN,
    ),
)
