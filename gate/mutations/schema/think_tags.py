"""The route's reasoning parser is off: `<think>…</think>` becomes part of the answer."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import calling, retold
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    return retold(exchange, _thinking) if not calling(exchange) else None


def _thinking(said: str) -> str:
    return said if "think>" in said else f"<think>\nThe user asks. I answer.\n</think>\n\n{said}"


MUTATION = Mutation(
    id="think-tags",
    drifts=("S12",),
    area="schema",
    severity=Severity.BREAKING,
    summary="<think> tags in the answer",
    apply=_apply,
    twin=again,
    exercised_by=("chat", "chat-stream"),
)
