"""A tool call arrives whole instead of in fragments (LA05)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Drift, Observation, Rule, Samples, Severity
from gate.questions import comparable, numbered, occurrences, tool_calls

FRAGMENTS = 4  # a head and a few pieces of arguments


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """Every golden call comes in several events, every call of the candidate in one."""
    for sample, found in numbered(candidate):
        like = comparable(golden, found)
        if not like or not tool_calls(found) or found.form != "stream":
            continue
        pieces = [_pieces(g) for g in like]
        # Mistral and xAI always send one block; a golden of theirs has one piece
        if min(pieces) >= FRAGMENTS and 0 < _pieces(found) <= 1:
            message = "the arguments of a tool call come in one block"
            yield Drift("tool_calls", message, f"in {min(pieces):.0f} or more events", "in 1 event", sample)


def _pieces(found: Observation) -> float:
    """Events per tool call."""
    return len(occurrences(found, "tool")) / max(1, len(tool_calls(found)))


RULE = Rule(
    id="tool-call-in-one-block",
    area="latency",
    severity=Severity.INFO,
    summary="tool calls are buffered and sent as one block",
    who_breaks="interfaces that show arguments while they are written",
    hint="expect it from servers that parse calls before they send them; nothing is lost",
    check=check,
)
