"""More bytes than `limits.max_body` keeps: the answer can't be judged as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Rule, Severity
from gate.rules.transport._endings import ending, unseen_endings


def check(comparison: Comparison) -> Iterator[Drift]:
    """The bytes beyond the limit were counted and hashed, not kept; no golden was that large.

    Risky, not breaking: the limit is ours, and a client without one reads on. Not incomplete either: what came before
    the limit is judged, and a route that sends 8 MiB where the golden sent some kB would not pass a person's eyes.
    """
    largest = max((golden.size for golden in comparison.golden), default=0)
    for pair in unseen_endings(comparison, Ending.TOO_LARGE):
        yield pair.drift(
            path="body",
            message="the body is larger than limits.max_body",
            golden=f"{largest} bytes at most",
            candidate=ending(pair.candidate),
        )


RULE = Rule(
    id="body-too-large",
    area="transport",
    # our own limit, not the client's: the answer may be right, but its end was not judged
    severity=Severity.RISKY,
    summary="the body is larger than limits.max_body, and was not judged to its end",
    who_breaks="clients and proxies with a size limit of their own",
    hint="look for an answer that repeats itself; raise limits.max_body if it is right",
    check=check,
)
