"""The engine calls stops of its own `length`: whole answers are recorded as cut, and asked for again."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import answer, finish, finishing, is_text
from gate.mutations._edit import CHAT, COMPLETIONS, asked, in_docs
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    limit, used = asked(exchange, "max_tokens"), member(answer(exchange).usage, "completion_tokens")
    below = type(limit) is int and type(used) is int and 2 * used < limit
    fits = below and is_text(exchange) and finish(exchange) == "stop"
    return in_docs(exchange, finishing(lambda _: "length"), CHAT, COMPLETIONS) if fits else None


MUTATION = Mutation(
    id="length-without-limit",
    drifts=("S17",),
    area="schema",
    severity=Severity.RISKY,
    summary="finish_reason length far below the limit",
    apply=_apply,
    twin=again,
    exercised_by=("chat", "chat-stream-usage"),
)
