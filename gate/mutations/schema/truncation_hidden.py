"""finish_reason is always `stop`: half answers are stored as whole ones."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import finish, finishing
from gate.mutations._edit import CHAT, COMPLETIONS, in_docs
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    cut_off = finish(exchange) == "length"
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
