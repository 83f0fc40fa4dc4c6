"""`accept-encoding` is another one upstream (RQ16)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Passage, Rule, Severity
from gate.observe.changes import Change, forwarded
from gate.observe.scopes import has_passages
from gate.rules.request._passages import drift, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """Most HTTP clients ask for compression; whether a stream then comes compressed is stream-compressed's."""
    for pair, change in unseen(comparison, _encoding):
        yield drift(pair, change, "the upstream is asked for another encoding")


def _encoding(passage: Passage) -> Iterator[Change]:
    call = forwarded(passage)
    before = passage.sent.headers.get("accept-encoding", "identity")
    after = call.sent.headers.get("accept-encoding", "identity") if call else before
    if before != after:
        yield Change("changed", "headers.accept-encoding", before, after)


RULE = Rule(
    id="request-encoding-asked",
    area="request",
    severity=Severity.INFO,
    summary="the upstream is asked for another encoding",
    who_breaks="streams that arrive compressed, and late, where a gateway passes them on as they are",
    hint="ask the upstream for identity where the client does",
    check=check,
    where=has_passages,
)
