"""Parallel calls share index 0: their arguments run together, and several calls become one."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import answer, calls
from gate.mutations._edit import CHAT, every, in_docs, put, streamed
from gate.mutations._noise import other_spacing_of_arguments


def _apply(exchange: Exchange) -> Exchange | None:
    fits = streamed(exchange, CHAT) and any(len(choice.tool_calls) > 1 for choice in answer(exchange).choices)
    return in_docs(exchange, lambda doc: every(calls(doc), lambda call: put(call, "index", 0))) if fits else None


MUTATION = Mutation(
    id="tool-index-shared",
    drifts=("TL02",),
    area="tools",
    severity=Severity.BREAKING,
    summary="parallel calls share one index",
    apply=_apply,
    twin=other_spacing_of_arguments,
    exercised_by=("tool-parallel-stream",),
)
