"""A busy route answers a streaming request with status 200 and a JSON error: the reply looks empty."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import replied, streamed
from gate.mutations._noise import again

_BUSY = {"error": {"message": "service busy", "type": "server_error", "param": None, "code": None}}


def _apply(exchange: Exchange) -> Exchange | None:
    return replied(exchange, 200, _BUSY) if streamed(exchange) else None


MUTATION = Mutation(
    id="stream-answered-with-error",
    drifts=("T21",),
    area="transport",
    severity=Severity.BREAKING,
    summary="status 200 and a JSON error where a stream was asked for",
    apply=_apply,
    twin=again,
    exercised_by=("chat-stream", "responses-stream"),
)
