"""total_tokens is not prompt plus completion: reasoning is counted in neither, and billing is wrong."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import usages
from gate.mutations._edit import CHAT, COMPLETIONS, every, in_docs, put
from gate.mutations._noise import other_usage


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(usages(doc), _raised), CHAT, COMPLETIONS)


def _raised(usage: dict[str, Any]) -> bool:
    counts: list[Any] = [usage.get(key) for key in ("prompt_tokens", "completion_tokens", "total_tokens")]
    if not all(type(count) is int for count in counts) or counts[0] + counts[1] != counts[2]:
        return False
    return put(usage, "total_tokens", counts[2] + 60)


MUTATION = Mutation(
    id="usage-sum",
    drifts=("US09",),
    area="usage",
    severity=Severity.RISKY,
    summary="total_tokens is not the sum",
    apply=_apply,
    twin=other_usage,
    exercised_by=("chat", "chat-stream-usage"),
)
