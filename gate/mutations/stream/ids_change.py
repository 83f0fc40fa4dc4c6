"""Every chunk has an id of its own: clients that join chunks by id see as many answers."""

from __future__ import annotations

from collections.abc import Callable

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, COMPLETIONS, Piece, in_events, put, seen
from gate.mutations._stream_noise import created_grows


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece]:
        return [piece.changed(_numbered(i)) for i, piece in enumerate(found)]

    ids = {member(event.doc, "id") for event in seen(exchange).events if isinstance(member(event.doc, "id"), str)}
    return in_events(exchange, edit, CHAT, COMPLETIONS) if len(ids) == 1 else None


def _numbered(number: int) -> Callable[[Json], bool]:
    def change(doc: Json) -> bool:
        said = member(doc, "id")
        return isinstance(said, str) and bool(said) and put(doc, "id", f"{said}-{number}")

    return change


MUTATION = Mutation(
    id="ids-change",
    drifts=("ST10",),
    area="stream",
    severity=Severity.RISKY,
    summary="the id changes from chunk to chunk",
    apply=_apply,
    twin=created_grows,
    exercised_by=("chat-stream",),
)
