"""An error without members beside a success: true to JavaScript, and there at all in a chunk (ER35)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import MISSING, Comparison, Drift, Event, Json, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import grammar
from gate.wire.shape import show

_EMPTY: tuple[Json, ...] = ({}, [])
# The AI SDK ends a stream at the first chunk that has the key, whatever it holds (`"error" in value`):
# https://github.com/vercel/ai/blob/main/packages/openai-compatible/src/chat/openai-compatible-chat-language-model.ts
_ASKED_IN = frozenset({"chat.completions", "completions"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """`null` and `""` in a plain answer are no error in any language; an object with members is error-in-200's."""
    for pair, (value, event) in unseen(comparison, _found):
        empty = _is_empty(value)
        yield pair.drift(
            path="error",
            message=f"error is {'empty, and no null,' if empty else 'there, and false,'} in a success",
            golden="null, or no error" if empty else "no such key",
            candidate=show(value, 40),
            # openai-node throws on any chunk whose `error` is true (src/core/streaming.ts), the AI SDK on any with one
            severity=Severity.BREAKING if event and member(event.doc, "error") == value else None,
            at=event,
        )


def _found(observation: Observation) -> tuple[Json, Event | None] | None:
    place = grammar(observation).answer_at
    # the shape tells at once that there is none
    if not observation.ok or observation.shape.keys().isdisjoint(("error", f"{place}.error")):
        return None
    asked = observation.endpoint in _ASKED_IN
    for event in observation.events:
        for holder in (event.doc, member(event.doc, place) if place else None):
            value = member(holder, "error")
            if _is_empty(value) or (asked and value is not MISSING and not value):
                return value, event
    return (value, None) if _is_empty(value := member(observation.body, "error")) else None


def _is_empty(value: Json) -> bool:
    return value in _EMPTY and isinstance(value, dict | list)


RULE = Rule(
    id="error-member-empty",
    area="errors",
    # ER35: plain answers are read by the status first
    severity=Severity.RISKY,
    summary="a success has an error without members",
    who_breaks="JavaScript, where {} is true: openai-node throws in mid-stream; the AI SDK where a chunk has the key",
    hint="leave the member out where nothing failed; null is harmless in plain answers alone",
    check=check,
)
