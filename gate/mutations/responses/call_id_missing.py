"""A function call without call_id: its result can't be sent back."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import RESPONSES, drop, every, in_docs
from gate.mutations.responses._events import items


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(items(doc), lambda item: drop(item, "call_id")), RESPONSES)


def _twin(exchange: Exchange) -> Exchange | None:
    """A function call without an id of its own, which the specification permits (RS13)."""

    def change(item: dict[str, Any]) -> bool:
        return item.get("type") == "function_call" and drop(item, "id")

    return in_docs(exchange, lambda doc: every(items(doc), change), RESPONSES)


MUTATION = Mutation(
    id="call-id-missing",
    drifts=("RS13",),
    area="responses",
    severity=Severity.BREAKING,
    summary="function calls have no call_id",
    apply=_apply,
    twin=_twin,
    exercised_by=("responses-tool",),
)
