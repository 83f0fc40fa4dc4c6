"""The last chunk came, but neither [DONE] nor the end of the response: clients hang after a complete answer."""

from __future__ import annotations

from gate.model import Ending, Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, COMPLETIONS, in_events
from gate.mutations._noise import kept_alive


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(
        exchange,
        lambda found: [piece for piece in found if "done" not in piece.kinds],
        CHAT,
        COMPLETIONS,
        ending=Ending.TIMEOUT,
        detail="nothing came for 30 s",
        total_ms=None if exchange.total_ms is None else exchange.total_ms + 30_000,
    )


MUTATION = Mutation(
    id="stream-left-open",
    drifts=("T06",),
    area="transport",
    severity=Severity.BREAKING,
    summary="the stream never ends",
    apply=_apply,
    twin=kept_alive,
    exercised_by=("chat-stream",),
)
