"""The call is announced, its arguments never come: clients drop it silently."""

from __future__ import annotations

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._chat import calls
from gate.mutations._edit import CHAT, drop, every, in_docs
from gate.mutations._noise import other_spacing_of_arguments


def _apply(exchange: Exchange) -> Exchange | None:
    def change(doc: Json) -> bool:
        return every(calls(doc), lambda call: drop(call.get("function"), "arguments"))

    return in_docs(exchange, change, CHAT)


MUTATION = Mutation(
    id="arguments-missing",
    drifts=("TL26",),
    area="tools",
    severity=Severity.BREAKING,
    summary="tool calls have no arguments",
    apply=_apply,
    twin=other_spacing_of_arguments,
    exercised_by=("tool-forced", "tool-forced-stream"),
)
