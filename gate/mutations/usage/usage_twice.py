"""Usage in the finish chunk and again in a chunk of its own: clients that add it up bill twice."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import answer
from gate.mutations._edit import CHAT, Piece, in_events, places, put
from gate.mutations._stream_noise import null_usage_chunks


def _apply(exchange: Exchange) -> Exchange | None:
    usage = answer(exchange).usage

    def edit(found: list[Piece]) -> list[Piece] | None:
        ends, counted = places(found, "finish"), places(found, "usage")
        if len(counted) != 1 or not ends or ends[-1] == counted[0]:
            return None
        both = found[ends[-1]].changed(lambda doc: put(doc, "usage", usage))
        return [*found[: ends[-1]], both, *found[ends[-1] + 1 :]]

    return in_events(exchange, edit, CHAT)


MUTATION = Mutation(
    id="usage-twice",
    drifts=("US11",),
    area="usage",
    severity=Severity.RISKY,
    summary="usage comes twice",
    apply=_apply,
    twin=null_usage_chunks,
    exercised_by=("chat-stream-usage",),
)
