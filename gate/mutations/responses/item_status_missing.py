"""Items without a status: typed clients miss the field."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import RESPONSES, drop, every, in_docs
from gate.mutations._noise import again
from gate.mutations.responses._events import items


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(items(doc), lambda item: drop(item, "status")), RESPONSES)


MUTATION = Mutation(
    id="item-status-missing",
    drifts=("RS09",),
    area="responses",
    severity=Severity.BREAKING,
    summary="output items have no status",
    apply=_apply,
    twin=again,
    exercised_by=("responses", "responses-stream"),
)
