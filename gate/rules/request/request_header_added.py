"""A header reaches the upstream that the client did not send (RQ14)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Passage, Rule, Severity
from gate.observe.changes import Change, forwarded
from gate.observe.scopes import has_passages
from gate.rules.request._headers import CREDENTIALS, OF_THE_HOP
from gate.rules.request._passages import drift, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """What belongs to the connection itself is left out, as are the headers that any HTTP client sets."""
    for pair, change in unseen(comparison, _headers):
        yield drift(pair, change, f"the header {change.path.removeprefix('headers.')} is added on the way")


def _headers(passage: Passage) -> Iterator[Change]:
    call = forwarded(passage)
    for name, value in call.sent.headers.items() if call else ():
        if name not in passage.sent.headers and not OF_THE_HOP.fullmatch(name) and name not in CREDENTIALS:
            yield Change("added", f"headers.{name}", MISSING, value)


RULE = Rule(
    id="request-header-added",
    area="request",
    severity=Severity.INFO,
    summary="the upstream gets headers that the client did not send",
    who_breaks="nobody as a rule; an address in x-forwarded-for is personal data that leaves the house",
    hint="switch headers off that say who asked",
    check=check,
    where=has_passages,
)
