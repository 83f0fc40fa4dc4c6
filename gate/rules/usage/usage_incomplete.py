"""A usage without the counts that the golden's has: {} or no completion_tokens (US05)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gate.endpoints import member
from gate.model import Comparison, Drift, Event, Json, Observation, Rule, Severity
from gate.observe.answer import choices, comparable, finished, numbered
from gate.observe.usage import COMPLETION, PROMPT, usage
from gate.wire.shape import show

_COUNTS = (*PROMPT, *COMPLETION, "total_tokens")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Each count of the API that every golden sample has and the candidate's final usage lacks, or has as null or 0."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        mine = found.answer.usage if found.answer else None
        if (bare := _bare(found)) and not any(map(_bare, golden)):
            frame = bare[0].frame
            message = f"usage is an empty object in {len(bare)} chunk{'s' * (len(bare) > 1)}"
            yield Drift(
                path="usage",
                message=message,
                golden="no such key, or null",
                candidate="{}",
                sample=sample,
                severity=Severity.RISKY,
                frame=frame.number,
                byte=frame.start,
            )
        counts = [usage(g) or {} for g in comparable(golden, found)]
        if not counts or not isinstance(mine, dict) or not finished(found):
            continue
        # null + 3 raises in most languages, so null is as bad as absent
        lost = [key for key in _COUNTS if mine.get(key) is None and all(c.get(key) is not None for c in counts)]
        if not lost and (zero := _zero(found, counts, mine)):
            message = f"usage says 0 for {', '.join(zero)}"
            yield Drift(
                path=f"usage.{zero[0]}",
                message=message,
                golden=show(counts[0], 120),
                candidate=show(mine, 120),
                sample=sample,
                severity=Severity.RISKY,
            )
        if lost:
            path = f"usage.{lost[0]}" if mine else "usage"
            message = f"usage lacks {', '.join(lost)}"
            yield Drift(
                path=path, message=message, golden=show(counts[0], 120), candidate=show(mine, 120), sample=sample
            )


def _bare(found: Observation) -> list[Event]:
    """The chunks that carry a usage with nothing in it (US05): who finds one reads its counts."""
    return [event for event in found.events if member(event.doc, "usage") == {}]


def _zero(found: Observation, counts: Sequence[Mapping[str, Json]], mine: Mapping[str, Json]) -> list[str]:
    """The counts that are 0 and in no golden sample are; where the total holds them all the same, it is usage-sum's."""
    total, parts = mine.get("total_tokens"), [mine.get(key) for key in (*PROMPT, *COMPLETION)]
    answers = any(c.text or c.tool_calls for c in choices(found)) or bool(found.answer and found.answer.vectors)
    if not answers or (total is not None and total != sum(part for part in parts if type(part) is int)):
        return []
    return [key for key in _COUNTS if mine.get(key) == 0 and all(c.get(key) for c in counts)]


RULE = Rule(
    id="usage-incomplete",
    area="usage",
    severity=Severity.BREAKING,
    summary="usage lacks a count that every golden sample has, or says 0",
    who_breaks="cost tracking that adds the counts up: KeyError, null + number, or a gateway's 503",
    hint="fill prompt_tokens, completion_tokens and total_tokens in the gateway",
    check=check,
)
