"""CRLF or CR between the lines of a stream (T02)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import numbered, shown
from gate.rules.transport._frames import is_stream

_WORDS = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Line ends that no golden stream has; how the bytes were chunked does not matter."""
    golden, candidate = comparison.golden, comparison.candidate
    known = shown((g for g in golden if is_stream(g)), _line_ends)
    for sample, found in numbered(candidate):
        new = set(_line_ends(found)) - known if known and is_stream(found) else set()
        if new:
            message = f"lines of the stream end with {_named(new)}: its framing changed"
            yield Drift(
                path="frames",
                message=message,
                golden=_named(known),
                candidate=_named(found.framing.line_ends),
                sample=sample,
            )


def _line_ends(found: Observation) -> frozenset[str]:
    return found.framing.line_ends


def _named(line_ends: set[str] | frozenset[str]) -> str:
    return " and ".join(sorted(_WORDS.get(end, "?") for end in line_ends))


RULE = Rule(
    id="sse-line-ends",
    area="transport",
    severity=Severity.RISKY,
    summary="the stream's lines end in another way",
    who_breaks=r'clients that split on "\n\n" never see the end of an event and buffer until the stream ends',
    hint="let the server or gateway end lines with LF",
    check=check,
)
