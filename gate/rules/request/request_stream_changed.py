"""`stream` or `include_usage` is another one upstream (RQ10)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_passages
from gate.rules.request._parts import part
from gate.rules.request._passages import drift, in_body


def check(comparison: Comparison) -> Iterator[Drift]:
    """An explicit `include_usage: false` that is overwritten, a stream asked for as one answer, and the reverse."""
    for pair, change in in_body(comparison, "dropped", "added", "changed"):
        if part(change.path) == "stream":
            if change.path == "stream" and not change.before and not (change.after or None):
                continue  # absent and false are the same
            yield drift(pair, change, _WORDS[change.kind].format(change.path))


_WORDS = {
    "dropped": "{} does not reach the upstream",
    "added": "{} is added: the client did not ask for it",
    "changed": "{} is overwritten",
}


RULE = Rule(
    id="request-stream-changed",
    area="request",
    severity=Severity.RISKY,
    summary="whether a stream, or its usage, is asked for differs upstream",
    who_breaks="users wait for a whole answer, cut into pieces afterwards; who refused usage gets a chunk of it",
    hint="let the gateway pass `stream` and `stream_options` on",
    check=check,
    where=has_passages,
)
