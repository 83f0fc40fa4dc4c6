"""A choice has a delta and a message, where each form of answer has one of them (S42)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, objects
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity

_OTHER = {"stream": "choices[].message", "json": "choices[].delta"}


def check(comparison: Comparison) -> Iterator[Drift]:
    """A snapshot in a chunk, or a delta in a plain answer; an empty or null one says nothing."""
    for pair in comparison.answers:
        path = _OTHER.get(pair.candidate.form, "")
        if _filled(pair.candidate, path) and not any(_filled(golden, path) for golden in pair.golden):
            event = next((e for e in pair.candidate.events if _holds(e.doc)), None)
            name = path.rpartition(".")[2]
            yield pair.drift(
                path=path.replace("[]", "[0]"),
                message=f"{'a chunk' if event else 'the answer'} has a {name} as well",
                golden="no such key",
                candidate=f"an object {name}",
                at=event,
            )


def _filled(observation: Observation, path: str) -> bool:
    # only where the golden's own form has its key: what comes in place of it is a missing field
    field = observation.shape.get(path)
    return field is not None and "object" in field.types and field.empty < field.seen


def _holds(document: Json) -> bool:
    return any(member(choice, "message") for _, choice in objects(document, "choices"))


RULE = Rule(
    id="delta-and-message",
    area="schema",
    # S42: clients read one of the two; those that read whichever is there show the text twice
    severity=Severity.RISKY,
    summary="a choice has both a delta and a message",
    who_breaks="code for both forms (choice.delta or choice.message) adds the snapshot to what it has already",
    hint="send deltas in a stream and the message in a plain answer, never both",
    check=check,
)
