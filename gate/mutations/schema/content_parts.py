"""Content comes as an array of parts: string operations crash or print `[object Object]`."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import spoken
from gate.mutations._edit import CHAT, every, in_docs, put
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(spoken(doc), _parted), CHAT)


def _parted(part: dict[str, Any]) -> bool:
    said = part.get("content")
    return isinstance(said, str) and bool(said) and put(part, "content", [{"type": "text", "text": said}])


MUTATION = Mutation(
    id="content-parts",
    drifts=("S10",),
    area="schema",
    severity=Severity.BREAKING,
    summary="content is an array of parts",
    apply=_apply,
    twin=again,
    exercised_by=("chat", "chat-stream"),
)
