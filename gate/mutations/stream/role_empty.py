"""The role is an empty string on every chunk: strict validators abort the stream."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import spoken
from gate.mutations._edit import CHAT, every, in_docs, put, streamed
from gate.mutations._stream_noise import role_repeated


def _apply(exchange: Exchange) -> Exchange | None:
    fits = streamed(exchange, CHAT)
    return in_docs(exchange, lambda doc: every(spoken(doc), lambda part: put(part, "role", ""))) if fits else None


MUTATION = Mutation(
    id="role-empty",
    drifts=("ST06",),
    area="stream",
    severity=Severity.BREAKING,
    summary="the role is an empty string",
    apply=_apply,
    twin=role_repeated,
    exercised_by=("chat-stream", "tool-forced-stream"),
)
