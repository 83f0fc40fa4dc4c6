"""Success, and not a byte in the body."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import rewritten, served
from gate.mutations._noise import other_headers


def _apply(exchange: Exchange) -> Exchange | None:
    has_body = bool(exchange.response and exchange.response.body)
    return rewritten(exchange, b"", chunks=()) if served(exchange) and has_body else None


MUTATION = Mutation(
    id="answer-empty",
    drifts=("ER21",),
    area="schema",
    severity=Severity.BREAKING,
    summary="a success with an empty body",
    apply=_apply,
    twin=other_headers,
    exercised_by=("chat", "chat-stream", "embed"),
)
