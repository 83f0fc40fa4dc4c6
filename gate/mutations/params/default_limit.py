"""The gateway adds a limit of its own where none was sent: long answers end in mid-sentence."""

from __future__ import annotations

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._chat import finish, finishing, is_text, retold, usages
from gate.mutations._edit import CHAT, asked, every, in_docs
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    limited = any(asked(exchange, key) is not None for key in ("max_tokens", "max_completion_tokens"))
    if limited or not is_text(exchange, CHAT) or finish(exchange) != "stop":
        return None
    shorter = retold(exchange, lambda said: said[: len(said) // 2])
    return in_docs(shorter, _cut) if shorter else None


def _cut(doc: Json) -> bool:
    return every((finishing(lambda _: "length"), _halved), lambda part: part(doc))


def _halved(doc: Json) -> bool:
    keys = ("prompt_tokens", "completion_tokens")
    counted = [u for u in usages(doc) if all(type(u.get(key)) is int for key in keys)]
    for usage in counted:
        usage["completion_tokens"] //= 2
        usage["total_tokens"] = usage["prompt_tokens"] + usage["completion_tokens"]
    return bool(counted)


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
