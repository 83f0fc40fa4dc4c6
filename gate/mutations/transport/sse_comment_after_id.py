"""Once an id was sent, openai-python up to 2.37 makes an empty event of every comment."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import Piece, in_events
from gate.mutations._stream_noise import comments


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, lambda found: [part for piece in found for part in _numbered(piece)])


def _numbered(piece: Piece) -> list[Piece]:
    return [piece.sub(rb"^data:", b"id: 4\ndata:", 1), piece.framed(b": ping\n\n")]


MUTATION = Mutation(
    id="sse-comment-after-id",
    drifts=("T13",),
    area="transport",
    severity=Severity.BREAKING,
    summary="ids on events, and comments between them",
    apply=_apply,
    twin=comments,
    exercised_by=("chat-stream", "responses-stream"),
)
