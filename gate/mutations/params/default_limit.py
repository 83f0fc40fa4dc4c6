"""The gateway adds a limit of its own where none was sent: long answers end in mid-sentence."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._chat import answer, finish, finishing, is_text, retold, usages
from gate.mutations._edit import CHAT, Change, asked, in_docs
from gate.mutations._noise import again

_LIMITS = (4096, 2048, 1024, 512, 256, 128)


def _apply(exchange: Exchange) -> Exchange | None:
    limited = any(asked(exchange, key) is not None for key in ("max_tokens", "max_completion_tokens"))
    used = member(answer(exchange).usage, "completion_tokens")
    limit = next((limit for limit in _LIMITS if type(used) is int and limit < used), None)
    if limited or limit is None or not is_text(exchange, CHAT) or finish(exchange) != "stop":
        return None
    shorter = retold(exchange, lambda said: said[: len(said) * limit // used])
    return in_docs(shorter, _cut_at(limit)) if shorter else None


def _cut_at(limit: int) -> Change:
    def change(doc: Json) -> bool:
        for usage in usages(doc):
            prompt = usage.get("prompt_tokens")
            usage.update(completion_tokens=limit, total_tokens=limit + (prompt if type(prompt) is int else 0))
        return finishing(lambda _: "length")(doc)

    return change


MUTATION = Mutation(
    id="default-limit",
    drifts=("PA16",),
    area="params",
    severity=Severity.BREAKING,
    summary="a limit that nobody sent cuts the answer",
    apply=_apply,
    twin=again,
    exercised_by=("bare",),
)
