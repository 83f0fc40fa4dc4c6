"""A field that the client sent is missing upstream (RQ01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_passages
from gate.rules.request._parts import loss, part
from gate.rules.request._passages import drift, in_body


def check(comparison: Comparison) -> Iterator[Drift]:
    """Fields of the request, of its messages and tools; how bad it is is declared in `_parts`."""
    for pair, change in in_body(comparison, "dropped"):
        if part(change.path) in ("field", "messages"):
            message = f"{change.path} is dropped: the upstream never learns of it"
            yield drift(pair, change, message, loss(change.path, change.before))


RULE = Rule(
    id="request-field-dropped",
    area="request",
    severity=Severity.RISKY,
    summary="a field of the request does not reach the upstream",
    who_breaks="code that set the field: its wish is not heard, and nothing tells it so",
    hint="let the gateway pass unknown and known fields on (LiteLLM: drop_params: false, allowed_openai_params)",
    check=check,
    where=has_passages,
)
