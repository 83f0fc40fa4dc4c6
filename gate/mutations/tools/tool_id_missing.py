"""A call without an id: its result can't be sent back, and clients drop it."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import calls
from gate.mutations._edit import CHAT, drop, every, in_docs
from gate.mutations._stream_noise import nulls_in_fragments


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(calls(doc), lambda call: drop(call, "id")), CHAT)


MUTATION = Mutation(
    id="tool-id-missing",
    drifts=("TL04",),
    area="tools",
    severity=Severity.BREAKING,
    summary="tool calls have no id",
    apply=_apply,
    twin=nulls_in_fragments,
    exercised_by=("tool-forced", "tool-forced-stream"),
)
