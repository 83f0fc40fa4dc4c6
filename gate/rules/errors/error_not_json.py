"""The body of an error is not JSON: a proxy's HTML page, plain text, or empty (ER11, ER21)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Form, Rule, Severity
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import described, failures, golden_failures

_MESSAGES: dict[Form, tuple[str, Severity]] = {
    "text": ("the error body is HTML or plain text, not JSON", Severity.BREAKING),
    "stream": ("the error body is an event stream", Severity.BREAKING),
    # ER21: SDKs say `status code (no body)`, and retry by the status as before
    "empty": ("the error body is empty", Severity.RISKY),
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where the golden's own failures are JSON. A failure of what the golden serves is success-lost's."""
    golden = golden_failures(comparison)
    if any(failure.form != "json" for failure in golden):
        return
    for pair in failures(comparison):
        if pair.candidate.form in _MESSAGES:
            message, severity = _MESSAGES[pair.candidate.form]
            yield pair.drift(
                path="body",
                message=message,
                golden=described(golden[0]),
                candidate=described(pair.candidate),
                severity=severity,
            )


RULE = Rule(
    id="error-not-json",
    area="errors",
    severity=Severity.BREAKING,
    summary="the body of an error is not JSON",
    who_breaks="clients that parse the body raise a JSON error that hides status and cause",
    hint="let the last hop answer with a JSON error; check what the proxy or CDN in front sends on its own",
    check=check,
    where=has_failures,
)
