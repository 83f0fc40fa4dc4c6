"""The prompt template opened the tag, so only `</think>` comes: strippers of pairs miss it."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import calling, retold
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    return retold(exchange, _thinking) if not calling(exchange) else None


def _thinking(said: str) -> str:
    return said if "think>" in said else f"The user asks. I answer.\n</think>\n{said}"


MUTATION = Mutation(
    id="think-closing-tag",
    drifts=("S13",),
    area="schema",
    severity=Severity.BREAKING,
    summary="</think> without its opening in the answer",
    apply=_apply,
    twin=again,
    exercised_by=("chat", "chat-stream"),
)
