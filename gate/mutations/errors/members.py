"""The members of an error that handlers branch on: type and code."""

from __future__ import annotations

import json
from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.edit import in_error
from gate.mutations.facts import seen
from gate.mutations.harmless import other_prose
from gate.mutations.values import drop, put


def error_code_number(exchange: Exchange) -> Exchange | None:
    """`error.code` is the status as a number: typed clients fail to read the error, and raise inside the handler."""
    status = seen(exchange).status
    return in_error(exchange, lambda error: not isinstance(error.get("code"), int) and put(error, "code", status))


def error_type_changed(exchange: Exchange) -> Exchange | None:
    """`error.type` is another word for the same failure: handlers that branch on it take the wrong branch."""

    def change(error: dict[str, Any]) -> bool:
        word = error.get("type")
        other = "api_error" if word == "BadRequestError" else "BadRequestError"
        return isinstance(word, str) and put(error, "type", other)

    return in_error(exchange, change)


def error_type_missing(exchange: Exchange) -> Exchange | None:
    """An error without `type`, as Azure sends it."""
    return in_error(exchange, lambda error: isinstance(error.get("type"), str) and drop(error, "type"))


def error_code_null(exchange: Exchange) -> Exchange | None:
    """An error without its code, in an envelope that the gateway made: fallbacks that branch on it take none."""
    return in_error(exchange, lambda error: isinstance(error.get("code"), str) and put(error, "code", None))


def error_in_message(exchange: Exchange) -> Exchange | None:
    """The gateway writes the upstream's error into its own message: code and param are lost in a text."""

    def change(error: dict[str, Any]) -> bool:
        words = error.get("message")
        fits = isinstance(words, str) and "{" not in words
        return fits and put(error, "message", f"[upstream]: {json.dumps({'error': {'message': words}})}")

    return in_error(exchange, change)


def overflow_unrecognised(exchange: Exchange) -> Exchange | None:
    """Another code for an input that is too long: agents repeat it without end, when they should shorten it."""

    def change(error: dict[str, Any]) -> bool:
        fits = "context" in f"{error.get('code')} {error.get('type')}"
        if fits:
            # words of a real overflow that name neither `context` nor the code (ER14)
            message = "Input length 877338 exceeds the maximum allowed input length of 639968 tokens"
            error.update(code="400", type="invalid_request_error", message=message)
        return fits

    return in_error(exchange, change)


_REFUSALS = ("error-unknown-model", "error-invalid-request", "error-bad-key")

MUTATIONS = (
    Row(
        drifts=("ER01",),
        severity=Severity.BREAKING,
        summary="error.code is a number",
        caught_by=("error-code-changed",),
        apply=error_code_number,
        twin=other_prose,
        exercised_by=_REFUSALS,
    ),
    Row(
        drifts=("ER01",),
        severity=Severity.BREAKING,
        summary="error.type is another word",
        caught_by=("error-type-changed",),
        apply=error_type_changed,
        twin=other_prose,
        exercised_by=_REFUSALS,
    ),
    Row(
        drifts=("ER01",),
        # ER01 is breaking by a number; an absent type leaves handlers their default branch
        severity=Severity.RISKY,
        summary="error.type is missing",
        caught_by=("error-type-changed",),
        apply=error_type_missing,
        twin=other_prose,
        exercised_by=_REFUSALS,
    ),
    Row(
        drifts=("ER25",),
        # null is legal (ER01's twin)
        severity=Severity.INFO,
        summary="error.code is null",
        caught_by=("error-code-changed",),
        apply=error_code_null,
        twin=other_prose,
        exercised_by=("error-unknown-model", "error-bad-key"),
    ),
    Row(
        drifts=("ER14",),
        severity=Severity.BREAKING,
        summary="an input that is too long gets another code",
        caught_by=("error-code-changed",),
        apply=overflow_unrecognised,
        twin=other_prose,
        exercised_by=("error-too-long",),
    ),
    Row(
        drifts=("ER20",),
        severity=Severity.INFO,
        summary="the upstream's error as a text in the message",
        caught_by=("error-nested",),
        apply=error_in_message,
        twin=other_prose,
        exercised_by=_REFUSALS,
    ),
)
