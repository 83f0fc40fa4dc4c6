"""CRLF or CR between the lines of a stream (T02)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import shown
from gate.observe.scopes import has_streams
from gate.rules.transport._frames import is_stream

_WORDS = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Line ends that no golden stream has; how the bytes were chunked does not matter."""
    streams = [observation for observation in comparison.golden if is_stream(observation)]
    known = shown(streams, lambda golden: golden.framing.line_ends)
    for pair in comparison.pairs if known else ():
        line_ends = pair.candidate.framing.line_ends
        if is_stream(pair.candidate) and not line_ends <= known:
            yield pair.drift(
                path="frames",
                message=f"lines of the stream end with {_named(line_ends - known)}: its framing changed",
                golden=_named(known),
                candidate=_named(line_ends),
            )


def _named(line_ends: frozenset[str]) -> str:
    return " and ".join(sorted(_WORDS[end] for end in line_ends))


RULE = Rule(
    id="sse-line-ends",
    area="transport",
    # T02: right by the standard; parsers that split at two line feeds buffer until the end
    severity=Severity.RISKY,
    summary="the stream's lines end with other characters",
    who_breaks=r'clients that split on "\n\n" never see the end of an event and buffer until the stream ends',
    hint="let the server or gateway end lines with LF",
    check=check,
    where=has_streams,
    needs=("framing",),
)
