"""A tool call arrives whole instead of in fragments (LA05)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import occurrences, tool_calls
from gate.observe.scopes import has_streams

# A head and a few pieces of arguments: the row of B10, 4 events to 2, stays outside; LA05's 4 to 1 is inside. Recorded
# calls of OpenAI and Azure have 5 to 36 pieces, or 1 and 2 where they have 16 characters and less; those of Mistral,
# xAI and Groq have one.
FRAGMENTS = 4
# Against so many a head with one piece after it is one block as well: LA05's row has 18 to 2.
MANY = 8


def check(comparison: Comparison) -> Iterator[Drift]:
    """Every golden call comes in several events, every call of the candidate in one."""
    for pair in comparison.answers:
        if not tool_calls(pair.candidate) or pair.candidate.form != "stream":
            continue
        # Mistral and xAI always send one block; a golden of theirs has one piece
        golden, candidate = min(map(_pieces, pair.golden)), _pieces(pair.candidate)
        if (golden >= FRAGMENTS and candidate <= 1) or (golden >= MANY and candidate <= 2):
            yield pair.drift(
                path="tool_calls",
                message="the arguments of a tool call arrive in one block",
                golden=f"in {golden:.0f} or more events",
                candidate=f"in {candidate:.0f} event{'s' * (candidate > 1)}",
            )


def _pieces(observation: Observation) -> float:
    """Events per tool call."""
    return len(occurrences(observation, "tool")) / max(1, len(tool_calls(observation)))


RULE = Rule(
    id="tool-call-in-one-block",
    area="latency",
    severity=Severity.INFO,
    summary="tool calls are buffered and sent as one block",
    who_breaks="interfaces that show arguments while they are written",
    hint="expect it from servers that parse calls before they send them; nothing is lost",
    check=check,
    where=has_streams,
)
