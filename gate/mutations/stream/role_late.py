"""The role comes after content has begun: clients that open a message by it lose what came before."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import spoken
from gate.mutations._edit import CHAT, Piece, drop, every, in_events, places, put
from gate.mutations._stream_noise import role_with_content


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        roles, after = places(found, "role"), places(found, "content", "tool", "finish")
        after = [i for i in after if "role" not in found[i].kinds]
        if len(roles) != 1 or len(after) < 2:
            return None
        late = found[after[1]].changed(lambda doc: every(spoken(doc), lambda part: put(part, "role", "assistant")))
        early = found[roles[0]].changed(lambda doc: every(spoken(doc), lambda part: drop(part, "role")))
        return [{roles[0]: early, after[1]: late}.get(i, piece) for i, piece in enumerate(found)]

    return in_events(exchange, edit, CHAT)


MUTATION = Mutation(
    id="role-late",
    drifts=("ST07",),
    area="stream",
    severity=Severity.BREAKING,
    summary="the role comes after content",
    apply=_apply,
    twin=role_with_content,
    exercised_by=("chat-stream", "tool-forced-stream"),
)
