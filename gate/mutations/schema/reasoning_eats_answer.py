"""Hidden reasoning counts against max_tokens: the budget is gone before the answer starts."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._chat import finish, finishing, is_text, spoken
from gate.mutations._edit import CHAT, every, in_docs, put
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    if not is_text(exchange, CHAT) or finish(exchange) != "stop":
        return None
    return in_docs(exchange, lambda doc: every((_thought, finishing(lambda _: "length")), lambda part: part(doc)))


def _thought(doc: Json) -> bool:
    return every(spoken(doc), lambda part: bool(part.get("content")) and _moved(part))


def _moved(part: dict[str, Any]) -> bool:
    part["reasoning_content"] = part["content"]
    return put(part, "content", "")


MUTATION = Mutation(
    id="reasoning-eats-answer",
    drifts=("S09",),
    area="schema",
    severity=Severity.BREAKING,
    summary="reasoning and no answer, finish_reason length",
    apply=_apply,
    twin=again,
    exercised_by=("chat", "chat-stream"),
)
