"""Guardrails drop and merge events: the numbers jump, and strict parsers refuse them."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._edit import RESPONSES, in_docs, put
from gate.mutations.responses._events import fewer_deltas


def _apply(exchange: Exchange) -> Exchange | None:
    def change(doc: Json) -> bool:
        number = member(doc, "sequence_number")
        return type(number) is int and number > 2 and put(doc, "sequence_number", number * 3)

    return in_docs(exchange, change, RESPONSES)


MUTATION = Mutation(
    id="sequence-gaps",
    drifts=("RS03",),
    area="responses",
    severity=Severity.RISKY,
    summary="sequence numbers jump",
    apply=_apply,
    twin=fewer_deltas,
    exercised_by=("responses-stream",),
)
