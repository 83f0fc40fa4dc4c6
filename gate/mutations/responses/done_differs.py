"""The text of `done` is not that of the deltas: what was shown and what is stored disagree."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import RESPONSES, Piece, in_events, places, put
from gate.mutations.responses._events import fewer_deltas


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        some = places(found, "output_text.delta")
        if not some or not places(found, "output_text.done"):
            return None
        last = found[some[-1]].changed(lambda doc: put(doc, "delta", f"{doc.get('delta')} STOP"))
        return [*found[: some[-1]], last, *found[some[-1] + 1 :]]

    return in_events(exchange, edit, RESPONSES)


MUTATION = Mutation(
    id="done-differs",
    drifts=("RS15",),
    area="responses",
    severity=Severity.RISKY,
    summary="deltas and done disagree",
    apply=_apply,
    twin=fewer_deltas,
    exercised_by=("responses-stream",),
)
