"""The id of a tool call is one that an earlier call has: ids restart with each answer (TL34)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Pair, Rule, Samples, Severity, ToolCall
from gate.observe.alignment import unseen
from gate.observe.answer import is_text, is_tool_path
from gate.observe.request import called_before
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import calls, first_call
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Among samples only where all ids of two golden samples differ; within a conversation where the golden's do."""
    for pair, found in unseen(comparison, _echoed):
        message = "the id of a tool call is that of a call of an earlier turn"
        yield _drift(pair, found[0], message, "a new id for each call")
    if len(comparison.candidate) > 1 and len(_callers(comparison.golden)) > 1 and not _shared(comparison.golden):
        for sample, call in _shared(comparison.candidate)[:1]:
            message = "tool calls of different answers have the same id"
            yield _drift(comparison.pairs[sample], call, message, "other ids in each answer")


def _drift(pair: Pair, call: ToolCall, message: str, golden: str) -> Drift:
    key = "id" if is_tool_path(call.path) else "call_id"
    return pair.drift(
        path=f"{call.path}.{key}",
        message=message,
        golden=golden,
        candidate=show(call.id, 80),
        at=first_call(pair.candidate),
    )


def _echoed(observation: Observation) -> list[ToolCall]:
    """Calls whose id the request has already, in an answer of an earlier turn."""
    made = [call for _, call in calls(observation) if is_text(call.id)]
    earlier = set(called_before(observation)) if made else ()
    return [call for call in made if call.id in earlier]


def _callers(samples: Samples) -> list[int]:
    return [place for place, sample in enumerate(samples) if any(is_text(call.id) for _, call in calls(sample))]


def _shared(samples: Samples) -> list[tuple[int, ToolCall]]:
    """(sample, call) of each call with an id that an earlier sample has; the very same answer comes from a cache."""
    first: dict[str, int] = {}
    found: list[tuple[int, ToolCall]] = []
    for place, sample in enumerate(samples):
        for _, call in calls(sample):
            owner = first.setdefault(str(call.id), place) if is_text(call.id) else place
            if owner != place and not _cached(samples[owner], sample):
                found.append((place, call))
    return found


def _cached(one: Observation, other: Observation) -> bool:
    same = one.answer and other.answer and one.answer.id == other.answer.id
    return bool(same)


RULE = Rule(
    id="tool-id-reused",
    area="tools",
    # TL34: within one answer ids still differ, so a single turn works
    severity=Severity.RISKY,
    summary="tool calls of different answers have the same id",
    who_breaks="agents, stores and traces that keep results by call id mix up the results of two turns",
    hint="let the server make an id that is unique over a conversation",
    check=check,
    where=has_calls,
)
