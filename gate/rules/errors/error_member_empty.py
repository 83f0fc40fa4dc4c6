"""An empty object as the error of a success: true to JavaScript (ER35)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Event, Json, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import grammar
from gate.wire.shape import show

_EMPTY: tuple[Json, ...] = ({}, [])


def check(comparison: Comparison) -> Iterator[Drift]:
    """`null` and `""` are false in every language, and no error; an object with members is error-in-200's."""
    for pair, (value, event) in unseen(comparison, _found):
        yield pair.drift(
            path="error",
            message="error is empty, and no null, in a success",
            golden="null, or no error",
            candidate=show(value, 40),
            # openai-node throws on any chunk whose `error` is true (src/core/streaming.ts)
            severity=Severity.BREAKING if event and member(event.doc, "error") == value else None,
            at=event,
        )


def _found(observation: Observation) -> tuple[Json, Event | None] | None:
    place = grammar(observation).answer_at
    # the shape tells at once that no place has an object or a list as its error
    fields = [observation.shape.get(path) for path in ("error", f"{place}.error")]
    if not observation.ok or not any(field and field.types & {"object", "array"} for field in fields):
        return None
    for event in observation.events:
        for holder in (event.doc, member(event.doc, place) if place else None):
            if _is_empty(value := member(holder, "error")):
                return value, event
    return (value, None) if _is_empty(value := member(observation.body, "error")) else None


def _is_empty(value: Json) -> bool:
    return value in _EMPTY and isinstance(value, dict | list)


RULE = Rule(
    id="error-member-empty",
    area="errors",
    # ER35: plain answers are read by the status first
    severity=Severity.RISKY,
    summary="a success has an empty object as its error",
    who_breaks="JavaScript, where {} is true: openai-node throws in the middle of a stream; `if (body.error)` anywhere",
    hint="leave the member out where nothing failed, or send null",
    check=check,
)
