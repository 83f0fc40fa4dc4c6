"""A plain answer labelled as a chunk, or the other way round: exact comparisons fail."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, in_docs, put, seen
from gate.mutations._noise import added_field

_OTHER = {"chat.completion": "chat.completion.chunk", "chat.completion.chunk": "chat.completion"}


def _apply(exchange: Exchange) -> Exchange | None:
    # Azure's first chunk has an empty one (ST01)
    empty = any(member(event.doc, "object") == "" for event in seen(exchange).events)
    return None if empty else in_docs(exchange, _swapped, CHAT)


def _swapped(doc: Json) -> bool:
    said = member(doc, "object")
    return isinstance(said, str) and said in _OTHER and put(doc, "object", _OTHER[said])


MUTATION = Mutation(
    id="object-wrong",
    drifts=("S03",),
    area="schema",
    severity=Severity.RISKY,
    summary="`object` names something else",
    apply=_apply,
    twin=added_field,
    exercised_by=("chat", "chat-stream"),
)
