"""The error is not in the API's envelope: a plain text, FastAPI's detail, a list, no `error` at all (ER03, ER04)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.errors._failures import Envelope, envelope, failed, failures, members_of
from gate.wire.shape import show

_SAYS: dict[Envelope, str] = {
    "error object": "the error is an object under `error`",
    "error text": "error is a string, not an object",
    "error value": "error is neither an object nor a text",
    "detail": "the error comes as `detail`, without its `error` envelope",
    "bare message": "the error comes bare, without its `error` envelope",
    "list": "the error comes in a list",
    "other": "the body has no `error` envelope",
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Another envelope than any golden failure has, or an error object that says nothing."""
    golden, candidate = comparison.golden, comparison.candidate
    usual = [g for g in golden if failed(g) and g.form == "json"]
    kinds = {envelope(g) for g in usual}
    for sample, found in failures(golden, candidate) if usual else ():
        kind = envelope(found)
        if found.form == "json" and kind not in kinds:
            severity = Severity.BREAKING if "error object" in kinds else Severity.RISKY
            evidence = show(usual[0].body, 120), show(found.body, 120)
            yield Drift(
                path="error",
                message=_SAYS[kind],
                golden=evidence[0],
                candidate=evidence[1],
                sample=sample,
                severity=severity,
            )
        elif kind == "error object":
            said = member(found.error, "message")
            texts = [m for m in members_of(usual, "message") if isinstance(m, str)]
            if texts and not isinstance(said, str):
                yield Drift(
                    path="error.message",
                    message="the error has no message",
                    golden=show(texts[0], 80),
                    candidate=show(said, 80),
                    sample=sample,
                )


RULE = Rule(
    id="error-envelope",
    area="errors",
    severity=Severity.BREAKING,
    summary='the error is not in the envelope {"error": {"message": …}}',
    who_breaks="SDKs show a bare status; typed clients (Go, Java) fail to decode and lose message, type and code",
    hint="let the gateway wrap every error, those of its own validation too",
    check=check,
)
