"""A request without `stream` is answered with an event stream."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.transport._bodies import media_type


def check(comparison: Comparison) -> Iterator[Drift]:
    """The reverse of stream-not-sse: the golden answers with one body."""
    if any(golden.form == "stream" or not golden.ok for golden in comparison.golden):
        return
    for pair in comparison.pairs:
        if pair.candidate.ok and pair.candidate.form == "stream":
            yield pair.drift(
                path="body",
                message="a plain request is answered with an event stream",
                golden="one body",
                candidate=f"{media_type(pair.candidate)} with {len(pair.candidate.events)} frames",
            )


RULE = Rule(
    id="plain-answered-as-stream",
    area="transport",
    # T20 the other way round: `data: {…}` is no JSON (dify, langgenius/dify 4120, a row)
    severity=Severity.BREAKING,
    summary="a request without stream is answered with server-sent events",
    who_breaks="JSON parsers fail at the first character: data: {…} is not JSON",
    hint='look for a gateway that sets "stream": true for its upstream and forwards what comes',
    check=check,
)
