"""The first token has no log probability and no alternatives: clients show no message at all."""

from __future__ import annotations

from gate.endpoints import member, members
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._chat import choices
from gate.mutations._edit import CHAT, drop, every, in_docs, put


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(_tokens(doc), _emptied), CHAT)


def _tokens(doc: Json) -> list[Json]:
    return [token for choice in choices(doc) for token in members(member(choice, "logprobs"), "content")[:1]]


def _emptied(token: Json) -> bool:
    return drop(token, "top_logprobs") and put(token, "logprob", None)


def _twin(exchange: Exchange) -> Exchange | None:
    """Other probabilities (B19)."""

    def change(doc: Json) -> bool:
        found = [token for token in _tokens(doc) if isinstance(member(token, "logprob"), float)]
        return every(found, lambda token: put(token, "logprob", token["logprob"] - 0.001))

    return in_docs(exchange, change, CHAT)


MUTATION = Mutation(
    id="logprob-null",
    drifts=("S23",),
    area="schema",
    severity=Severity.RISKY,
    summary="logprobs without a number and without alternatives",
    apply=_apply,
    twin=_twin,
    exercised_by=("logprobs",),
)
