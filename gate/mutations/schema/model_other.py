"""The model that answers is another than the one asked for: costs are computed for the wrong one."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import answer, heads
from gate.mutations._edit import CHAT, COMPLETIONS, RESPONSES, asked, every, in_docs, put
from gate.mutations._noise import snapshot


def _apply(exchange: Exchange) -> Exchange | None:
    wanted, said = asked(exchange, "model"), answer(exchange).model
    echoed = isinstance(wanted, str) and isinstance(said, str) and bool(wanted) and said.startswith(wanted)
    return in_docs(exchange, lambda doc: every(heads(doc), _renamed), CHAT, COMPLETIONS, RESPONSES) if echoed else None


def _renamed(head: dict[str, Any]) -> bool:
    return "model" in head and put(head, "model", "internal/backend-7")


MUTATION = Mutation(
    id="model-other",
    drifts=("S25",),
    area="schema",
    severity=Severity.RISKY,
    summary="another model than the one asked for",
    apply=_apply,
    twin=snapshot,
    exercised_by=("chat", "chat-stream"),
)
