"""Events without sequence_number: typed clients lose the whole turn."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import RESPONSES, drop, in_docs, in_events
from gate.mutations.responses._events import renumbered


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: drop(doc, "sequence_number"), RESPONSES)


def _twin(exchange: Exchange) -> Exchange | None:
    """Numbers that start elsewhere (B38)."""
    return in_events(exchange, lambda found: renumbered(found, 5), RESPONSES)


MUTATION = Mutation(
    id="sequence-missing",
    drifts=("RS01",),
    area="responses",
    severity=Severity.BREAKING,
    summary="events have no sequence_number",
    apply=_apply,
    twin=_twin,
    exercised_by=("responses-stream",),
)
