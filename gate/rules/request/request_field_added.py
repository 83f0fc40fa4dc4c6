"""A field that the client did not send reaches the upstream (RQ03)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import endpoint
from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.fields import is_default, is_known
from gate.observe.scopes import has_passages
from gate.rules.request._parts import part
from gate.rules.request._passages import drift, in_body
from gate.wire.shape import indexless


def check(comparison: Comparison) -> Iterator[Drift]:
    """A null or a default says nothing new; a field that the API does not know is refused by strict providers."""
    for pair, change in in_body(comparison, "added"):
        known = endpoint(pair.candidate.endpoint)
        path = indexless(change.path)
        if part(change.path) not in ("field", "messages"):
            continue
        if not is_known(known, path):
            yield drift(pair, change, f"{change.path} is added, a field that the API does not know", Severity.RISKY)
        elif is_default(known, path, change.after):
            yield drift(pair, change, f"{change.path} is added with its default", Severity.INFO)
        else:
            yield drift(pair, change, f"{change.path} is added: the client did not ask for it", Severity.RISKY)


RULE = Rule(
    id="request-field-added",
    area="request",
    severity=Severity.RISKY,
    summary="the upstream gets a field that the client did not send",
    who_breaks="upstreams that check requests refuse fields they do not know; others follow a wish that nobody had",
    hint="let the gateway send what it got; switch its own defaults off",
    check=check,
    where=has_passages,
)
