"""No chunk has a role: clients crash on it, or take a wrong default."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import spoken
from gate.mutations._edit import CHAT, drop, every, in_docs, streamed
from gate.mutations._stream_noise import role_with_content


def _apply(exchange: Exchange) -> Exchange | None:
    fits = streamed(exchange, CHAT)
    return in_docs(exchange, lambda doc: every(spoken(doc), lambda part: drop(part, "role"))) if fits else None


MUTATION = Mutation(
    id="role-never",
    drifts=("ST07",),
    area="stream",
    severity=Severity.RISKY,
    summary="no chunk has a role",
    apply=_apply,
    twin=role_with_content,
    exercised_by=("chat-stream", "tool-forced-stream"),
)
