"""The body of an error is no JSON: a proxy's HTML page, plain text, nothing at all (ER11, ER21)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.errors._failures import described, failed, failures

_FORMS = {"text": "the error body is HTML or plain text, not JSON", "stream": "the error body is an event stream"}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where the golden's own failures are JSON. A failure of what the golden serves is status-changed's."""
    golden, candidate = comparison.golden, comparison.candidate
    usual = [g for g in golden if failed(g)]
    if not usual or any(g.form != "json" for g in usual):
        return
    for sample, found in failures(golden, candidate):
        if found.form in ("text", "stream", "empty"):
            message = _FORMS.get(found.form, "the error body is empty")
            severity = Severity.RISKY if found.form == "empty" else Severity.BREAKING
            yield Drift(
                path="body",
                message=message,
                golden=described(usual[0]),
                candidate=described(found),
                sample=sample,
                severity=severity,
            )


RULE = Rule(
    id="error-not-json",
    area="errors",
    severity=Severity.BREAKING,
    summary="the body of an error is no JSON",
    who_breaks="clients that parse the body raise a JSON error that hides status and cause",
    hint="let the last hop answer with a JSON error; look at what the proxy or CDN in front sends on its own",
    check=check,
)
