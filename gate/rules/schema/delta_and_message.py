"""A choice has a delta and a message, where each form of answer has one of them (S42)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, objects
from gate.model import MISSING, Comparison, Drift, Json, Observation, Rule, Severity

# https://platform.openai.com/docs/api-reference/chat/streaming has the one, /chat/object the other
_OTHER = {"stream": "choices[].message", "json": "choices[].delta"}


def check(comparison: Comparison) -> Iterator[Drift]:
    """A message in a chunk, or a delta in a plain answer. An empty delta says nothing; any message in a chunk, {} and
    null as well, replaces what openai-node's stream helper has put together, which then raises (docs/clients.md)."""
    for pair in comparison.answers:
        path = _OTHER.get(pair.candidate.form, "")
        holds = _there if pair.candidate.form == "stream" else _filled
        if holds(pair.candidate, path) and not any(holds(golden, path) for golden in pair.golden):
            event = next((e for e in pair.candidate.events if _holds(e.doc)), None)
            name = path.rpartition(".")[2]
            yield pair.drift(
                path=path.replace("[]", "[0]"),
                message=f"{'a chunk' if event else 'the answer'} has a {name} as well",
                golden="no such key",
                candidate=f"an object {name}" if _filled(pair.candidate, path) else f"an empty {name}",
                at=event,
                severity=Severity.BREAKING if event else None,
            )


def _filled(observation: Observation, path: str) -> bool:
    # only where the golden's own form has its key: what comes in place of it is a missing field
    field = observation.shape.get(path)
    return field is not None and "object" in field.types and field.empty < field.seen


def _there(observation: Observation, path: str) -> bool:
    return path in observation.shape


def _holds(document: Json) -> bool:
    return any(member(choice, "message") is not MISSING for _, choice in objects(document, "choices"))


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
