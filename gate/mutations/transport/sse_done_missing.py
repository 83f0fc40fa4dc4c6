"""A whole answer, a clean end, and no `data: [DONE]`: clients that wait for it take the answer for cut."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, COMPLETIONS, in_events


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, lambda found: [p for p in found if "done" not in p.kinds], CHAT, COMPLETIONS)


def _twin(exchange: Exchange) -> Exchange | None:
    """One more line break at the end."""
    return in_events(exchange, lambda found: [*found, found[-1].framed(b"\n")])


MUTATION = Mutation(
    id="sse-done-missing",
    drifts=("T05",),
    area="transport",
    severity=Severity.RISKY,
    summary="[DONE] never comes",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream",),
)
