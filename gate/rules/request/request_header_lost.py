"""A header that means something upstream is lost on the way (RQ13)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Passage, Rule, Severity
from gate.observe.changes import Change, forwarded
from gate.observe.scopes import has_passages
from gate.rules.request._headers import CREDENTIALS, MEANT, OF_THE_HOP
from gate.rules.request._passages import drift, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """Headers that providers act on are risky, all others that a client set are told as info."""
    for pair, change in unseen(comparison, _headers):
        name = change.path.removeprefix("headers.")
        words = "is lost on the way" if change.kind == "dropped" else "is another one upstream"
        severity = Severity.RISKY if name in MEANT else Severity.INFO
        yield drift(pair, change, f"the header {name} {words}", severity)


def _headers(passage: Passage) -> Iterator[Change]:
    call = forwarded(passage)
    for name, value in passage.sent.headers.items() if call else ():
        there = call.sent.headers.get(name, MISSING) if call else MISSING
        # masked values tell nothing but their length
        if not OF_THE_HOP.fullmatch(name) and name not in CREDENTIALS and there != value:
            yield Change("dropped" if there is MISSING else "changed", f"headers.{name}", value, there)


RULE = Rule(
    id="request-header-lost",
    area="request",
    severity=Severity.RISKY,
    summary="a header of the request does not reach the upstream",
    who_breaks="deduplication by idempotency key, billing by organisation, and whoever follows a request by its ids",
    hint="let the gateway forward these headers (LiteLLM: forward_client_headers_to_llm_api)",
    check=check,
    where=has_passages,
)
