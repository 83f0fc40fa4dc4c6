"""Nothing comes within the timeouts: clients give up, send the same again, and pay twice."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Ending, Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import served
from gate.mutations._noise import kept_alive


def _apply(exchange: Exchange) -> Exchange | None:
    if not served(exchange):
        return None
    return replace(exchange, response=None, chunks=(), ending=Ending.TIMEOUT, detail="no response within 60 s")


MUTATION = Mutation(
    id="answer-timeout",
    drifts=("LA02",),
    area="transport",
    severity=Severity.BREAKING,
    summary="no response in time",
    apply=_apply,
    twin=kept_alive,
    exercised_by=("chat", "chat-stream", "embed"),
)
