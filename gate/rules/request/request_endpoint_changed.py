"""The upstream is asked for another operation or path (RQ11)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Passage, Rule, Severity
from gate.observe.changes import Change, forwarded
from gate.observe.scopes import has_passages
from gate.rules.request._passages import drift, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """Chat in the place of Responses, and the like; the prefix of a path is the gateway's to choose."""
    for pair, change in unseen(comparison, _operation):
        yield drift(pair, change, "the upstream is asked for another operation")


def _operation(passage: Passage) -> Iterator[Change]:
    if passage.calls and forwarded(passage) is None:
        sent, call = passage.sent, passage.calls[0].sent
        yield Change("changed", "path", f"{sent.method} {sent.endpoint}", f"{call.method} {call.endpoint}")


RULE = Rule(
    id="request-endpoint-changed",
    area="request",
    severity=Severity.RISKY,
    summary="the upstream is asked for another operation",
    who_breaks="features that only one of both APIs has: they are lost without a word",
    hint="route the operation to an upstream that has it",
    check=check,
    where=has_passages,
)
