"""The shape of a failure's body: an object `error` with the members of OpenAI's, or something else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.edit import in_body
from gate.mutations.facts import explained, refused, seen
from gate.mutations.harmless import other_prose
from gate.mutations.replies import replied, rewritten
from gate.mutations.values import put

# the words with which DeepSeek's 422 begins (a row of error-not-json); axum's for a body of the wrong shape
_TEXT = b"Failed to deserialize the JSON body into the target type"


def error_flat(exchange: Exchange) -> Exchange | None:
    """The members of the error without the object around them: `error.message` is read from nothing."""
    return _with_body(exchange, lambda error: error)


def error_list(exchange: Exchange) -> Exchange | None:
    """The error stands in an array, as Google's front end answers: no client finds `error` there."""
    return _with_body(exchange, lambda _: [seen(exchange).body])


def error_string(exchange: Exchange) -> Exchange | None:
    """`error` is a string: typed clients can't read it as an object."""

    def change(body: dict[str, Any]) -> bool:
        return put(body, "error", str(body["error"].get("message")))

    return in_body(exchange, change) if explained(exchange) else None


def error_text(exchange: Exchange) -> Exchange | None:
    """The failure is plain text: JSON parsers raise in the error handler."""
    return _with_body(exchange, lambda _: _TEXT, "text/plain")


def error_empty(exchange: Exchange) -> Exchange | None:
    """The failure has no body: nothing says what was wrong."""
    return rewritten(exchange, b"", chunks=()) if refused(exchange) else None


def error_detail(exchange: Exchange) -> Exchange | None:
    """FastAPI's `detail` in place of `error`: clients show a generic message, classifiers miss the cause."""
    # ER03's text form; FastAPI's list of fields is another shape of the same key
    return _with_body(exchange, lambda error: {"detail": error.get("message", "Bad Request")})


def detail_beside_error(exchange: Exchange) -> Exchange | None:
    """Both keys."""
    return _with_body(exchange, lambda error: {"error": error, "detail": error.get("message", "Bad Request")})


def _with_body(
    exchange: Exchange, body: Callable[[dict[str, Any]], Json | bytes], media: str = "application/json"
) -> Exchange | None:
    """The same failure in another body, which `body` makes of the error."""
    observation = seen(exchange)
    return replied(exchange, observation.status, body(observation.error), media) if explained(exchange) else None


_REFUSALS = ("error-unknown-model", "error-invalid-request", "error-bad-key")

MUTATIONS = (
    Row(
        drifts=("ER03",),
        severity=Severity.BREAKING,
        summary="an error without its envelope",
        caught_by=("error-envelope",),
        apply=error_flat,
        twin=other_prose,
        exercised_by=_REFUSALS,
    ),
    Row(
        drifts=("TL24",),
        severity=Severity.BREAKING,
        summary="the error is wrapped in an array",
        caught_by=("error-envelope",),
        apply=error_list,
        twin=other_prose,
        exercised_by=_REFUSALS,
    ),
    Row(
        drifts=("ER04",),
        severity=Severity.BREAKING,
        summary="error is a string",
        caught_by=("error-envelope",),
        apply=error_string,
        twin=other_prose,
        exercised_by=_REFUSALS,
    ),
    Row(
        drifts=("ER11",),
        severity=Severity.BREAKING,
        summary="the error is plain text",
        caught_by=("error-not-json",),
        apply=error_text,
        twin=other_prose,
        exercised_by=_REFUSALS,
    ),
    Row(
        drifts=("ER21",),
        severity=Severity.RISKY,
        summary="an error without a body",
        caught_by=("error-not-json",),
        apply=error_empty,
        twin=other_prose,
        exercised_by=_REFUSALS,
    ),
    Row(
        drifts=("ER03",),
        severity=Severity.BREAKING,
        summary="`detail` in place of `error`",
        caught_by=("error-envelope",),
        apply=error_detail,
        twin=detail_beside_error,
        exercised_by=_REFUSALS,
    ),
)
