"""A field has another value upstream (RQ04)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_passages
from gate.rules.request._parts import loss, part
from gate.rules.request._passages import drift, in_body


def check(comparison: Comparison) -> Iterator[Drift]:
    """Fields with a rule of their own (model, stream, messages, tools, schemas) are left to it."""
    for pair, change in in_body(comparison, "changed"):
        if part(change.path) == "field":
            yield drift(pair, change, f"{change.path} has another value upstream", loss(change.path, change.before))


RULE = Rule(
    id="request-value-changed",
    area="request",
    severity=Severity.RISKY,
    summary="a field of the request reaches the upstream with another value",
    who_breaks="code that relies on the limit, format or choice that it asked for",
    hint="let the gateway pass values on; look for its caps and defaults",
    check=check,
    where=has_passages,
)
