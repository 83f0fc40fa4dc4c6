"""A usage-only chunk that the request does not ask for (ST02)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_streams
from gate.observe.usage import alone, bearing, wanted


def check(comparison: Comparison) -> Iterator[Drift]:
    """The golden sends no usage at all; the candidate appends a chunk with empty choices."""
    for pair in comparison.answers:
        # beside the choices, an unrequested usage is only one more field
        bare = next(filter(alone, bearing(pair.candidate)), None)
        if bare and not wanted(pair.candidate) and not any(map(bearing, pair.golden)):
            yield pair.drift(
                path="choices",
                message="a chunk has usage but no choices, although the request does not ask for usage",
                golden="no usage",
                candidate="choices: [] with usage",
                at=bare,
            )


RULE = Rule(
    id="usage-unasked",
    area="usage",
    # ST02 is risky in the catalogue; a client that did not ask for usage has never seen empty choices, as with ST01
    severity=Severity.BREAKING,
    summary="the stream has a usage-only chunk that the request did not ask for",
    who_breaks="loops that take chunk.choices[0] of every chunk: IndexError, undefined",
    hint="drop the usage-only chunk in the gateway unless stream_options.include_usage asks for it",
    check=check,
    where=has_streams,
)
