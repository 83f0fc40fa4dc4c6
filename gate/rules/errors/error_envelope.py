"""The error is not in the API's envelope: a plain text, FastAPI's detail, a list, without `error` (ER03, ER04)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Observation, Pair, Rule, Severity
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import Envelope, envelope, failures, golden_failures, members_of
from gate.wire.shape import show

_MESSAGES: dict[Envelope, str] = {
    "error object": "the error is an object under `error`",
    "error text": "error is a string, not an object",
    "error value": "error is neither an object nor a text",
    "detail": "the error is in `detail`, without its `error` envelope",
    "bare message": "the error is a bare `message`, without its `error` envelope",
    "list": "the error is in a list",
    "other": "the body has no `error` envelope",
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Another envelope than any golden failure has, or an error object without a message."""
    golden = [failure for failure in golden_failures(comparison) if failure.form == "json"]
    envelopes = set(map(envelope, golden))
    for pair in failures(comparison) if golden else ():
        kind = envelope(pair.candidate)
        if pair.candidate.form == "json" and kind not in envelopes:
            yield pair.drift(
                path="error",
                message=_MESSAGES[kind],
                golden=show(golden[0].body, 120),
                candidate=show(pair.candidate.body, 120),
                # a golden with an envelope of its own has clients that know it is not the API's, and read it with care
                severity=Severity.BREAKING if "error object" in envelopes else Severity.RISKY,
            )
        elif kind == "error object":
            yield from _wordless(pair, golden)


def _wordless(pair: Pair, golden: list[Observation]) -> Iterator[Drift]:
    message = member(pair.candidate.error, "message")
    usual = [text for text in members_of(golden, "message") if isinstance(text, str)]
    # an empty message is still a text (ER04's twin)
    if usual and not isinstance(message, str):
        yield pair.drift(
            path="error.message",
            message="the error has no message",
            golden=show(usual[0], 80),
            candidate=show(message, 80),
        )


RULE = Rule(
    id="error-envelope",
    area="errors",
    severity=Severity.BREAKING,
    summary='the error is not in the envelope {"error": {"message": …}}',
    who_breaks="SDKs show a bare status; typed clients (Go, Java) fail to decode and lose message, type and code",
    hint="let the gateway wrap every error, including those of its own validation",
    check=check,
    where=has_failures,
)
