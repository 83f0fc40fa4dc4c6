"""Numbers, key order or the form of a text differ upstream, and mean the same (RQ05)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Passage, Rule, Severity
from gate.observe.changes import Change, forwarded, key_order_changed
from gate.observe.scopes import has_passages
from gate.rules.request._passages import drift, in_body, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """0 and 0.0, a text as one part, members in another order."""
    for pair, change in in_body(comparison, "retyped", "reshaped"):
        yield drift(pair, change, f"{change.path} is written otherwise, with the same meaning")
    for pair, change in unseen(comparison, _order):
        yield drift(pair, change, "the members of the body stand in another order upstream")


def _order(passage: Passage) -> Iterator[Change]:
    call = forwarded(passage)
    if call and key_order_changed(passage):
        yield Change("reordered", "", list(passage.sent.body), list(call.sent.body))


RULE = Rule(
    id="request-json-rewritten",
    area="request",
    severity=Severity.INFO,
    summary="the request says the same in other JSON",
    who_breaks="caches that hash the bytes of a prompt, and signatures over a body",
    hint="pass the bytes of the body on",
    check=check,
    where=has_passages,
)
