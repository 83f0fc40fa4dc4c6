"""Each delta holds the whole text so far: clients that append show every word many times."""

from __future__ import annotations

from itertools import accumulate

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import spoken
from gate.mutations._edit import CHAT, Piece, in_events, places, put
from gate.mutations._stream_noise import fewer_events


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, _edit, CHAT)


def _edit(found: list[Piece]) -> list[Piece] | None:
    texts = [i for i in places(found, "content") if next(spoken(found[i].doc), {}).get("content")]
    # three of them may repeat each other by chance: "a", "aa"
    if len(texts) < 4:
        return None
    said = accumulate(str(next(spoken(found[i].doc))["content"]) for i in texts)
    full = dict(zip(texts, said, strict=True))
    return [_saying(piece, full[i]) if i in full else piece for i, piece in enumerate(found)]


def _saying(piece: Piece, said: str) -> Piece:
    return piece.changed(lambda doc: put(next(spoken(doc)), "content", said))


MUTATION = Mutation(
    id="deltas-cumulative",
    drifts=("ST14",),
    area="stream",
    severity=Severity.RISKY,
    summary="each delta repeats the whole text so far",
    apply=_apply,
    twin=fewer_events,
    exercised_by=("count-stream", "chat-stream"),
)
