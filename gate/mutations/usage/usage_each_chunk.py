"""Usage on every chunk, growing: clients that add it up count many times over."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import answer
from gate.mutations._edit import CHAT, Piece, in_events, places, put
from gate.mutations._stream_noise import null_usage_chunks


def _apply(exchange: Exchange) -> Exchange | None:
    usage = answer(exchange).usage

    def edit(found: list[Piece]) -> list[Piece] | None:
        if not isinstance(usage, dict) or len(places(found, "usage")) != 1:
            return None
        return [piece.changed(lambda doc: put(doc, "usage", usage)) for piece in found]

    return in_events(exchange, edit, CHAT)


MUTATION = Mutation(
    id="usage-each-chunk",
    drifts=("US02",),
    area="usage",
    severity=Severity.RISKY,
    summary="usage on every chunk",
    apply=_apply,
    twin=null_usage_chunks,
    exercised_by=("chat-stream-usage",),
)
