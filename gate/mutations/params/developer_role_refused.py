"""The backend knows system, user, assistant and tool: agents that send `developer` fail every time."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import asked
from gate.mutations._noise import again
from gate.mutations.params._refusal import refusing


def _developer(exchange: Exchange) -> bool:
    messages = asked(exchange, "messages")
    return isinstance(messages, list) and any(member(message, "role") == "developer" for message in messages)


MUTATION = Mutation(
    id="developer-role-refused",
    drifts=("PA06",),
    area="params",
    severity=Severity.BREAKING,
    summary="the role developer is refused",
    apply=refusing(_developer, "messages[0].role", "developer is not one of ['system','assistant','user','tool']"),
    twin=again,
    exercised_by=("history-developer",),
)
