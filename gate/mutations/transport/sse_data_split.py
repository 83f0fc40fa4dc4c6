"""One JSON text over two `data:` lines: the standard joins them, naive parsers read each alone."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import retold
from gate.mutations._edit import in_events


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, lambda found: [piece.sub(rb"^data: ?\{", b"data: {\ndata: ", 1) for piece in found])


def _twin(exchange: Exchange) -> Exchange | None:
    r"""A text with a line break, which JSON escapes."""
    return retold(exchange, lambda said: f"{said}\n")


MUTATION = Mutation(
    id="sse-data-split",
    drifts=("T09",),
    area="transport",
    severity=Severity.RISKY,
    summary="one JSON text over several data lines",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream", "responses-stream"),
)
