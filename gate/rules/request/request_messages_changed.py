"""Messages are lost, merged, reordered or rewritten on their way (RQ07)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.changes import Change
from gate.observe.scopes import has_passages
from gate.rules.request._parts import part
from gate.rules.request._passages import drift, in_body


def check(comparison: Comparison) -> Iterator[Drift]:
    """By place; where their number or order differs, as a whole. Roles are request-role-changed's."""
    for pair, change in in_body(comparison, "changed", "reordered"):
        if part(change.path) == "messages" and not change.path.endswith(".role"):
            yield drift(pair, change, _message(change))


def _message(change: Change) -> str:
    before, after = change.before, change.after
    if change.kind == "reordered":
        return "the messages reach the upstream in another order"
    if isinstance(before, list) and isinstance(after, list) and len(before) != len(after):
        return f"{len(before)} messages were sent, {len(after)} reach the upstream"
    return f"{change.path} is rewritten on its way"


RULE = Rule(
    id="request-messages-changed",
    area="request",
    severity=Severity.BREAKING,
    summary="the upstream reads other messages than the client sent",
    who_breaks="everybody: the model answers another conversation",
    hint="let the gateway pass messages on; switch prompt rewriting, merging and trimming off",
    check=check,
    where=has_passages,
)
