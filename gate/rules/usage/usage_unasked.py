"""A usage-only chunk that nobody asked for (ST02)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import comparable, numbered
from gate.observe.usage import alone, bearing, wanted


def check(comparison: Comparison) -> Iterator[Drift]:
    """The golden sends no usage at all; the candidate appends a chunk with empty choices."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        # beside the choices an unasked usage is only one more field
        bare = [event for event in bearing(found) if alone(event)]
        like = comparable(golden, found)
        if bare and like and not wanted(found) and not any(bearing(g) for g in like):
            frame = bare[0].frame
            message = "a usage chunk without choices comes although the request does not ask for it"
            yield Drift(
                path="choices",
                message=message,
                golden="no usage",
                candidate="choices: [] with usage",
                sample=sample,
                severity=None,
                frame=frame.number,
                byte=frame.start,
            )


RULE = Rule(
    id="usage-unasked",
    area="usage",
    severity=Severity.BREAKING,
    summary="the stream has a usage-only chunk that the request did not ask for",
    who_breaks="loops that take chunk.choices[0] of every chunk: IndexError, undefined",
    hint="drop the usage-only chunk in the gateway unless stream_options.include_usage asks for it",
    check=check,
)
