"""The stop sequence has no effect: the answer goes on after it."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import retold, text
from gate.mutations._edit import asked
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    stop = asked(exchange, "stop")
    word = stop[0] if isinstance(stop, list) and stop else stop
    if not isinstance(word, str) or not word or word in text(exchange):
        return None
    return retold(exchange, lambda said: f"{said}{word} and on, and on")


MUTATION = Mutation(
    id="stop-ignored",
    drifts=("PA14",),
    area="params",
    severity=Severity.RISKY,
    summary="stop has no effect",
    apply=_apply,
    twin=again,
    exercised_by=("stop",),
)
