"""A field has another name upstream (RQ02)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_passages
from gate.rules.request._passages import drift, in_body


def check(comparison: Comparison) -> Iterator[Drift]:
    """Names that stand for the same, such as max_tokens and max_completion_tokens."""
    for pair, change in in_body(comparison, "renamed"):
        same = change.before == change.after
        value = "with its value" if same else "with another value"
        message = f"{change.path} reaches the upstream as {change.to}, {value}"
        yield drift(pair, change, message, Severity.RISKY if same else Severity.BREAKING)


RULE = Rule(
    id="request-field-renamed",
    area="request",
    severity=Severity.RISKY,
    summary="a field of the request reaches the upstream under another name",
    who_breaks="upstreams that know the old name alone, or refuse the new one",
    hint="let the gateway rename fields for those upstreams only that need it",
    check=check,
    where=has_passages,
)
