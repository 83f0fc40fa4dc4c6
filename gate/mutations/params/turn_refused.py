"""The route refuses the turn that it wrote itself: every tool loop dies on its second step."""

from __future__ import annotations

from gate.endpoints import members
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import asked
from gate.mutations._noise import again
from gate.mutations.params._refusal import refusing


def _replayed(exchange: Exchange) -> bool:
    messages = asked(exchange, "messages")
    return isinstance(messages, list) and any(members(message, "tool_calls") for message in messages)


MUTATION = Mutation(
    id="turn-refused",
    drifts=("TL22", "PA08", "PA09", "PA10", "PA18", "PA19"),
    area="params",
    severity=Severity.BREAKING,
    summary="the turn after a tool call is refused",
    apply=refusing(_replayed, "messages[1]", "invalid message content type: <nil>"),
    twin=again,
    exercised_by=("tool-roundtrip", "tool-roundtrip-golden"),
)
