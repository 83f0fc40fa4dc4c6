"""A tool call arrives whole instead of in fragments (LA05)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import comparable, numbered, occurrences, tool_calls

FRAGMENTS = 4  # a head and a few pieces of arguments
MANY = 8  # against so many a head with one piece after it is one block as well


def check(comparison: Comparison) -> Iterator[Drift]:
    """Every golden call comes in several events, every call of the candidate in one."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        like = comparable(golden, found)
        if not like or not tool_calls(found) or found.form != "stream":
            continue
        pieces = [_pieces(g) for g in like]
        # Mistral and xAI always send one block; a golden of theirs has one piece
        least, mine = min(pieces), _pieces(found)
        if (least >= FRAGMENTS and mine <= 1) or (least >= MANY and mine <= 2):
            message = "the arguments of a tool call come in one block"
            evidence = f"in {least:.0f} or more events", f"in {mine:.0f} event{'s' * (mine > 1)}"
            yield Drift(path="tool_calls", message=message, golden=evidence[0], candidate=evidence[1], sample=sample)


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
