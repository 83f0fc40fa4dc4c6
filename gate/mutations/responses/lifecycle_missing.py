"""Only text and the end come, no item is ever opened: clients with a state machine drop the text."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations.responses._events import without


def _apply(exchange: Exchange) -> Exchange | None:
    return without(exchange, "output_item.added", "content_part.added", "output_text.delta")


def _twin(exchange: Exchange) -> Exchange | None:
    """No `in_progress` (B37)."""
    return without(exchange, "in_progress")


MUTATION = Mutation(
    id="lifecycle-missing",
    drifts=("RS04",),
    area="responses",
    severity=Severity.BREAKING,
    summary="items and parts are never opened",
    apply=_apply,
    twin=_twin,
    exercised_by=("responses-stream",),
)
