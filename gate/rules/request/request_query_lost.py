"""A parameter of the query does not reach the upstream (RQ12)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Passage, Rule, Severity
from gate.observe.changes import Change, forwarded
from gate.observe.scopes import has_passages
from gate.redact.kinds import SECRET_NAME
from gate.rules.request._passages import drift, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """Parameters that are lost or changed; a key in the query is no parameter."""
    for pair, change in unseen(comparison, _query):
        yield drift(
            pair, change, f"the parameter {change.path.removeprefix('query.')} of the query is {_WORDS[change.kind]}"
        )


_WORDS = {"dropped": "lost on the way", "changed": "another one upstream"}


def _query(passage: Passage) -> Iterator[Change]:
    call = forwarded(passage)
    for name, value in passage.sent.query.items() if call else ():
        there = call.sent.query.get(name, MISSING) if call else MISSING
        if there != value and not SECRET_NAME.fullmatch(name):
            yield Change("dropped" if there is MISSING else "changed", f"query.{name}", value, there)


RULE = Rule(
    id="request-query-lost",
    area="request",
    severity=Severity.RISKY,
    summary="the query of the request does not reach the upstream",
    who_breaks="routes of Azure, which name the version of the API there",
    hint="let the gateway pass the query on, or set it for its upstream",
    check=check,
    where=has_passages,
)
