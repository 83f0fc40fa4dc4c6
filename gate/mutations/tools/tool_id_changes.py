"""Later parts of a call carry another id: clients that go by the id split one call in two."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._chat import answer, calling, calls, slot
from gate.mutations._edit import CHAT, every, in_docs, put, streamed


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(_later(doc), lambda call: put(call, "id", "call_other")), CHAT)


def _later(doc: Json) -> list[dict[str, Any]]:
    return [c for c in calls(doc) if isinstance(c.get("function"), dict) and not c["function"].get("name")]


def _twin(exchange: Exchange) -> Exchange | None:
    """The same id on every part."""
    ids = {i: call.id for i, call in enumerate(answer(exchange).choices[0].tool_calls)} if calling(exchange) else {}

    def change(doc: Json) -> bool:
        fitting = [call for call in _later(doc) if isinstance(ids.get(slot(call) or 0), str)]
        return every(fitting, lambda call: put(call, "id", ids[slot(call) or 0]))

    return in_docs(exchange, change, CHAT) if streamed(exchange) else None


MUTATION = Mutation(
    id="tool-id-changes",
    drifts=("TL07",),
    area="tools",
    severity=Severity.RISKY,
    summary="the id of a call changes between chunks",
    apply=_apply,
    twin=_twin,
    exercised_by=("tool-forced-stream",),
)
