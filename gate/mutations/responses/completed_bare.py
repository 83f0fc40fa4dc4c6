"""The terminal event holds neither output nor usage: readers iterate over None."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._edit import RESPONSES, Piece, drop, every, in_events, places
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece]:
        ends = places(found, "completed")
        return [piece.changed(_bared) if i in ends else piece for i, piece in enumerate(found)]

    return in_events(exchange, edit, RESPONSES)


def _bared(doc: Json) -> bool:
    response = member(doc, "response")
    return every(("output", "usage"), lambda key: drop(response, key))


MUTATION = Mutation(
    id="completed-bare",
    drifts=("RS06",),
    area="responses",
    severity=Severity.BREAKING,
    summary="response.completed has no output and no usage",
    apply=_apply,
    twin=again,
    exercised_by=("responses-stream",),
)
