"""logprobs were asked for and are not there."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import choices
from gate.mutations._edit import CHAT, asked, every, in_docs, put
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(choices(doc), _nulled), CHAT) if asked(exchange, "logprobs") else None


def _nulled(choice: dict[str, Any]) -> bool:
    return isinstance(choice.get("logprobs"), dict) and put(choice, "logprobs", None)


MUTATION = Mutation(
    id="logprobs-dropped",
    drifts=("S20", "S23"),
    area="params",
    severity=Severity.RISKY,
    summary="logprobs has no effect",
    apply=_apply,
    twin=again,
    exercised_by=("logprobs",),
)
