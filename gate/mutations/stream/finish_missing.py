"""finish_reason stays null through [DONE]: clients take the stream for cut, loops end early."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import choices
from gate.mutations._edit import CHAT, COMPLETIONS, every, in_docs, put, streamed
from gate.mutations._stream_noise import finish_with_content


def _apply(exchange: Exchange) -> Exchange | None:
    fits = streamed(exchange)
    return in_docs(exchange, lambda doc: every(choices(doc), _nulled), CHAT, COMPLETIONS) if fits else None


def _nulled(choice: dict[str, Any]) -> bool:
    return bool(choice.get("finish_reason")) and put(choice, "finish_reason", None)


MUTATION = Mutation(
    id="finish-missing",
    drifts=("ST11",),
    area="stream",
    severity=Severity.BREAKING,
    summary="finish_reason never comes",
    apply=_apply,
    twin=finish_with_content,
    exercised_by=("chat-stream", "tool-forced-stream"),
)
