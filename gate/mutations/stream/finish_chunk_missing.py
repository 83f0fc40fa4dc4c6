"""From the last text straight to [DONE]: clients crash where they expect the terminal chunk."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, COMPLETIONS, in_events
from gate.mutations._noise import finish_with_content


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, lambda found: [p for p in found if p.kinds != ("finish",)], CHAT, COMPLETIONS)


MUTATION = Mutation(
    id="finish-chunk-missing",
    drifts=("ST12",),
    area="stream",
    severity=Severity.BREAKING,
    summary="the terminal chunk never comes",
    apply=_apply,
    twin=finish_with_content,
    exercised_by=("chat-stream", "tool-forced-stream"),
)
