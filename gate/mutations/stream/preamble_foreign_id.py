"""A gateway's placeholder chunk comes first, with an id of its own: aggregators latch on to it and drop the rest."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import choices
from gate.mutations._edit import CHAT, Piece, in_events


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, lambda found: _preceded(found, "cmpl-keepalive"), CHAT)


def _preceded(found: list[Piece], name: str | None) -> list[Piece] | None:
    ids = {member(piece.doc, "id") for piece in found if isinstance(member(piece.doc, "id"), str)}
    first = next((piece for piece in found if next(choices(piece.doc), None)), None)
    if first is None or len(ids) != 1 or ids == {""}:
        return None
    delta = {"index": 0, "delta": {}, "finish_reason": None}
    return [first.beside({**first.doc, "id": name or first.doc.get("id"), "choices": [delta]}), *found]


def _twin(exchange: Exchange) -> Exchange | None:
    """An empty chunk with the id of the others."""
    return in_events(exchange, lambda found: _preceded(found, None), CHAT)


MUTATION = Mutation(
    id="preamble-foreign-id",
    drifts=("ST10",),
    area="stream",
    severity=Severity.RISKY,
    summary="a placeholder chunk with another id comes first",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream",),
)
