"""A usage that lacks counts of the golden's: {} or no completion_tokens (US05)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gate.endpoints import member
from gate.model import Comparison, Drift, Event, Json, Observation, Pair, Rule, Severity
from gate.observe.answer import choices
from gate.observe.scopes import has_usage
from gate.observe.texts import written
from gate.observe.usage import COMPLETION, PROMPT, TOTAL, reported
from gate.rules.usage._usage import golden_counts
from gate.text.plural import count
from gate.wire.shape import show

_COUNTS = (*PROMPT, *COMPLETION, *TOTAL)


def check(comparison: Comparison) -> Iterator[Drift]:
    """Each count of the API that every golden sample has and the candidate's final usage lacks, or has as null or 0."""
    excused = any(map(_bare, comparison.golden))
    for pair in comparison.pairs:
        bare = _bare(pair.candidate)
        if bare and not excused:
            yield pair.drift(
                path="usage",
                message=f"usage is an empty object in {count(len(bare), 'chunk')}",
                golden="no such key, or null",
                candidate="{}",
                # US05: in mid-stream; the final usage may still have its counts
                severity=Severity.RISKY,
                at=bare[0],
            )
        counts = reported(pair.candidate)
        # a transcript is billed by tokens or by its length: https://platform.openai.com/docs/api-reference/audio/json-object
        if pair.golden and isinstance(counts, dict) and counts.get("type") != "duration":
            yield from _incomplete(pair, counts)


def _incomplete(pair: Pair, counts: Mapping[str, Json]) -> Iterator[Drift]:
    golden = golden_counts(pair)
    severity = None
    # null + 3 raises in most languages, so null is as bad as absent
    missing = [key for key in _COUNTS if counts.get(key) is None and all(g.get(key) is not None for g in golden)]
    if missing:
        path = f"usage.{missing[0]}" if counts else "usage"
        nulls = [key for key in missing if key in counts]
        message = f"usage {'has null for' if nulls == missing else 'lacks'} {', '.join(missing)}"
    elif zero := _zero(pair.candidate, golden, counts):
        path, message = f"usage.{zero[0]}", f"usage says 0 for {', '.join(zero)}"
        # an answer may have no tokens, a prompt can't: 0 there is as good as no usage, and a
        # bill that is too low for the answer alone raises nowhere (RS10's usage)
        severity = Severity.BREAKING if zero[0] in PROMPT else Severity.RISKY
    else:
        return
    yield pair.drift(
        path=path, message=message, golden=show(golden[0], 120), candidate=show(counts, 120), severity=severity
    )


def _bare(observation: Observation) -> list[Event]:
    """The chunks whose usage is an empty object (US05): clients that find a usage read its counts."""
    field = observation.shape.get("usage")
    return [event for event in observation.events if member(event.doc, "usage") == {}] if field and field.empty else []


def _zero(observation: Observation, golden: Sequence[Mapping[str, Json]], counts: Mapping[str, Json]) -> list[str]:
    """The counts that are 0 here and in no golden sample; a total that includes them all the same is usage-sum's."""
    total, parts = counts.get("total_tokens"), [counts.get(key) for key in (*PROMPT, *COMPLETION)]
    # a transcript has no choices
    filled = any(choice.text or choice.tool_calls for choice in choices(observation)) or bool(written(observation))
    vectors = bool(observation.answer and observation.answer.vectors)
    if not (filled or vectors) or (total is not None and total != sum(part for part in parts if type(part) is int)):
        return []
    return [key for key in _COUNTS if counts.get(key) == 0 and all(g.get(key) for g in golden)]


RULE = Rule(
    id="usage-incomplete",
    area="usage",
    # US05 is risky in the catalogue; a required count that is gone raises KeyError in code that adds up
    severity=Severity.BREAKING,
    summary="usage lacks a count that every golden sample has, or says 0",
    who_breaks="cost tracking that adds the counts up: KeyError, null + number, or a gateway's 503",
    hint="fill prompt_tokens, completion_tokens and total_tokens in the gateway",
    check=check,
    where=has_usage,
)
