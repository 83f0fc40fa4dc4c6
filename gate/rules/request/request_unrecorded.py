"""The upstream gets a request that no recording answers (RQ18)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Passage, Rule, Severity
from gate.observe.changes import Change
from gate.observe.scopes import has_passages
from gate.rules.request._passages import drift, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """The upstream answered it with 404; the words say what the nearest recording has otherwise."""
    for pair, change in unseen(comparison, _unmatched):
        yield drift(pair, change, f"the upstream gets a request that nobody recorded: {change.to[:300]}")


def _unmatched(passage: Passage) -> Iterator[Change]:
    for call in passage.calls:
        if call.unmatched:
            sent = passage.sent
            what = f"{call.sent.method} {call.sent.path}"
            yield Change("changed", "request", f"{sent.method} {sent.path}", what, call.unmatched)


RULE = Rule(
    id="request-unrecorded",
    area="request",
    severity=Severity.BREAKING,
    summary="the upstream gets a request that nobody recorded",
    who_breaks="everybody: what the upstream would have answered to it is not known",
    hint="look at what the gateway asks for; record a golden of it if that is right",
    check=check,
    where=has_passages,
)
