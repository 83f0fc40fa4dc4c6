"""finish_reason is always `stop`: half answers are stored as whole ones."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import answer, finish, finishing
from gate.mutations._edit import CHAT, COMPLETIONS, asked, in_docs
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    limit = asked(exchange, "max_tokens") or asked(exchange, "max_completion_tokens")
    used = member(answer(exchange).usage, "completion_tokens")
    # without a count that reaches the limit, `stop` may be true (B25)
    cut_off = finish(exchange) == "length" and type(limit) is int and used == limit
    cut_off = cut_off and len(answer(exchange).choices) == 1
    return in_docs(exchange, finishing(lambda _: "stop"), CHAT, COMPLETIONS) if cut_off else None


MUTATION = Mutation(
    id="truncation-hidden",
    drifts=("S16",),
    area="schema",
    severity=Severity.BREAKING,
    summary="an answer cut at the limit ends with stop",
    apply=_apply,
    twin=again,
    exercised_by=("max-tokens",),
)
