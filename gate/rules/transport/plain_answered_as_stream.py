"""Nobody asked for a stream, and one came."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import numbered


def check(comparison: Comparison) -> Iterator[Drift]:
    """The mirror of stream-not-sse: the golden answers with one body."""
    golden, candidate = comparison.golden, comparison.candidate
    if any(g.form in ("stream", "none") or not g.ok for g in golden):
        return
    for sample, found in numbered(candidate):
        if found.ok and found.form == "stream":
            seen = f"{found.media_type or 'no content-type'} with {len(found.events)} frames"
            yield Drift(
                path="body",
                message="a plain request is answered with an event stream",
                golden="one body",
                candidate=seen,
                sample=sample,
            )


RULE = Rule(
    id="plain-answered-as-stream",
    area="transport",
    severity=Severity.BREAKING,
    summary="a request without stream is answered with server-sent events",
    who_breaks="JSON parsers fail at the first character: data: {…} is no JSON",
    hint='look for a gateway that sets "stream": true for its upstream and forwards what comes',
    check=check,
)
