"""The status of a failure: success where it failed, a server's fault where it was the client's."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.facts import explained, refused, seen, whole
from gate.mutations.harmless import null_error, other_prose
from gate.mutations.replies import replied

# the page of a proxy in front of the API (ER11); the name of the edge is made up
_PAGE = b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body>edge-17</body></html>\n"


def error_as_success(exchange: Exchange) -> Exchange | None:
    """Failures come with status 200: retries and fallbacks never start, `choices` is None."""
    return replied(exchange, 200, seen(exchange).body) if explained(exchange) else None


def error_status_500(exchange: Exchange) -> Exchange | None:
    """A 4xx becomes a 500: SDKs repeat what can never succeed, and circuit breakers open."""
    fits = refused(exchange) and seen(exchange).status < 500
    return replied(exchange, 500, seen(exchange).body) if fits else None


def html_502(exchange: Exchange) -> Exchange | None:
    """An edge answers for itself: status 502 and a page of HTML, which no JSON parser takes."""
    return replied(exchange, 502, _PAGE, "text/html") if whole(exchange) and seen(exchange).status < 500 else None


def filter_as_answer(exchange: Exchange) -> Exchange | None:
    """A filtered prompt becomes a 200 without content: handlers of the 400 never run, readers of content crash."""
    if not refused(exchange) or member(seen(exchange).error, "code") != "content_filter":
        return None
    choice = {"index": 0, "finish_reason": "content_filter", "message": {"role": "assistant"}}
    body = {"id": "chatcmpl-f", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return replied(exchange, 200, body)


_REFUSALS = ("error-unknown-model", "error-invalid-request", "error-bad-key")

MUTATIONS = (
    Row(
        drifts=("ER06",),
        severity=Severity.BREAKING,
        summary="an error with status 200",
        caught_by=("error-in-200",),
        apply=error_as_success,
        twin=null_error,
        exercised_by=_REFUSALS,
    ),
    Row(
        drifts=("ER12", "ER13"),
        # ER12 and ER13 are risky in the catalogue; SDKs retry a 500, and a request that is wrong fails each time
        severity=Severity.BREAKING,
        summary="400, 401, 404 or 429 become 500",
        caught_by=("client-error-as-server-error",),
        apply=error_status_500,
        twin=other_prose,
        exercised_by=("error-unknown-model", "error-invalid-request", "error-bad-key", "burst"),
    ),
    Row(
        drifts=("ER11",),
        severity=Severity.BREAKING,
        summary="status 502 and an HTML page",
        caught_by=("success-lost", "client-error-as-server-error"),
        apply=html_502,
        twin=other_prose,
        exercised_by=("chat", "chat-stream", "embed", "error-unknown-model"),
    ),
    Row(
        drifts=("ER18",),
        severity=Severity.RISKY,
        summary="a filtered prompt comes as an answer without content",
        caught_by=("filter-rejection-lost",),
        apply=filter_as_answer,
        twin=other_prose,
        exercised_by=("json-schema-refusal",),
    ),
)
