"""From the last text straight to [DONE]: clients crash where they expect the terminal chunk."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, COMPLETIONS, Piece, in_events, places
from gate.mutations._stream_noise import finish_with_content


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, _edit, CHAT, COMPLETIONS)


def _edit(found: list[Piece]) -> list[Piece] | None:
    left = [piece for piece in found if piece.kinds != ("finish",)]
    return None if places(left, "finish") else left


MUTATION = Mutation(
    id="finish-chunk-missing",
    drifts=("ST12",),
    area="stream",
    severity=Severity.BREAKING,
    summary="the terminal chunk never comes",
    apply=_apply,
    twin=finish_with_content,
    exercised_by=("chat-stream", "tool-forced-stream"),
)
