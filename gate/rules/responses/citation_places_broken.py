"""Citations point to places that the text does not have (RS30)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import answered
from gate.observe.items import cited
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Indexes before or behind the text, an end before its start, or no place at all; plain and streamed, in chat as
    well."""
    for pair, (fault, note, severity) in unseen(comparison, _misplaced):
        yield pair.drift(
            path="annotations[].start_index" if fault.startswith("starts") else "annotations[].end_index",
            message=f"a citation {fault}",
            golden="a place in the text",
            candidate=show(note, 120),
            severity=severity,
        )


def _misplaced(observation: Observation) -> tuple[str, Json, Severity] | None:
    """What is wrong with the worst citation that is out of place, that citation, and its weight."""
    placed = list(_placed(observation)) if answered(observation) else []
    faults = ((*fault, note) for text, start, end, note in placed if (fault := _fault(text, start, end)))
    if worst := max(faults, key=lambda fault: fault[1], default=None):
        return worst[0], worst[2], worst[1]
    # what does not know the places of its citations writes 0
    nowhere = placed and not any(end for _, _, end, _ in placed)
    message = "ends where the text begins, as all of them do: none has a place"
    return (message, placed[0][3], Severity.RISKY) if nowhere else None


def _placed(observation: Observation) -> Iterator[tuple[str, int, int, Json]]:
    """(text, start, end, citation) of those that have both; chat nests them below their type."""
    for text, note in cited(observation):
        kind = member(note, "type")
        inner = member(note, kind) if isinstance(kind, str) else None
        place = inner if isinstance(inner, dict) else note
        start, end = member(place, "start_index"), member(place, "end_index")
        if type(start) is int and type(end) is int:
            yield text, start, end, note


def _fault(text: str, start: int, end: int) -> tuple[str, Severity] | None:
    if start < 0:
        return "starts before the text", Severity.RISKY
    if end < start:
        return "ends before it starts", Severity.RISKY
    # clients of JavaScript, Java and C# count UTF-16 code units, which are more than characters
    beyond = end - len(text.encode("utf-16-le", "surrogatepass")) // 2
    # slices of Python and JavaScript end with the text: where half of what is cited is there, they show it
    return (
        ("ends behind the text", Severity.INFO if 2 * beyond <= end - start else Severity.RISKY) if beyond > 0 else None
    )


RULE = Rule(
    id="citation-places-broken",
    area="responses",
    # RS30: the sources are right, what is marked as cited is not
    severity=Severity.RISKY,
    summary="citations point outside of the text",
    who_breaks="clients that put footnotes or links into the text by start_index and end_index: IndexError, or garbage",
    hint="count the indexes in the text that is sent, after markers were removed from it; leave out what is not known",
    check=check,
)
