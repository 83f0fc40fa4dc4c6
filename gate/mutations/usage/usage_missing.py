"""No usage: costs are zero, and budgets have no end."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, COMPLETIONS, EMBEDDINGS, Piece, asked, drop, in_docs, in_events, streamed
from gate.mutations._noise import other_usage


def _apply(exchange: Exchange) -> Exchange | None:
    if streamed(exchange):
        wanted = bool(member(asked(exchange, "stream_options"), "include_usage"))
        return in_events(exchange, _edit, CHAT, COMPLETIONS) if wanted else None
    return in_docs(exchange, lambda doc: drop(doc, "usage"), CHAT, COMPLETIONS, EMBEDDINGS)


def _edit(found: list[Piece]) -> list[Piece]:
    return [piece.changed(lambda doc: drop(doc, "usage")) for piece in found if piece.kinds != ("usage",)]


MUTATION = Mutation(
    id="usage-missing",
    drifts=("US01",),
    area="usage",
    severity=Severity.BREAKING,
    summary="usage is missing",
    apply=_apply,
    twin=other_usage,
    exercised_by=("chat-stream-usage", "chat", "embed"),
)
