"""The limit of tokens has no effect under the name that was sent: costs and times have no bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._chat import answer, finish, finishing, usages
from gate.mutations._edit import CHAT, asked, every, in_docs, put
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    limit = asked(exchange, "max_tokens") or asked(exchange, "max_completion_tokens")
    counted = type(member(answer(exchange).usage, "completion_tokens")) is int
    if type(limit) is not int or finish(exchange) != "length" or not counted:
        return None

    def change(doc: Json) -> bool:
        return every((finishing(lambda _: "stop"), _counting(limit)), lambda part: part(doc))

    return in_docs(exchange, change, CHAT)


def _counting(limit: int) -> Callable[[Json], bool]:
    def change(doc: Json) -> bool:
        counted = [u for u in usages(doc) if type(u.get("completion_tokens")) is int]
        return every(counted, lambda usage: _raise(usage, 8 * limit))

    return change


def _raise(usage: dict[str, Any], completion: int) -> bool:
    prompt = usage.get("prompt_tokens")
    usage["total_tokens"] = completion + (prompt if type(prompt) is int else 0)
    return put(usage, "completion_tokens", completion)


MUTATION = Mutation(
    id="limit-ignored",
    drifts=("PA02",),
    area="params",
    severity=Severity.BREAKING,
    summary="max_tokens has no effect",
    apply=_apply,
    twin=again,
    exercised_by=("max-tokens",),
)
