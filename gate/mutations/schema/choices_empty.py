"""Success without a single choice: `choices[0]` raises."""

from __future__ import annotations

from gate.endpoints import members
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, COMPLETIONS, in_docs, put, streamed
from gate.mutations._noise import filter_results


def _apply(exchange: Exchange) -> Exchange | None:
    if streamed(exchange):
        return None
    return in_docs(exchange, lambda doc: bool(members(doc, "choices")) and put(doc, "choices", []), CHAT, COMPLETIONS)


MUTATION = Mutation(
    id="choices-empty",
    drifts=("S05",),
    area="schema",
    severity=Severity.BREAKING,
    summary="choices is empty",
    apply=_apply,
    twin=filter_results,
    exercised_by=("chat",),
)
