"""One alternative where several were asked for: code that compares them indexes into nothing."""

from __future__ import annotations

from gate.endpoints import members
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, in_docs, put, streamed
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    return None if streamed(exchange) else in_docs(exchange, _first_alone, CHAT)


def _first_alone(doc: Json) -> bool:
    found = members(doc, "choices")
    return len(found) > 1 and put(doc, "choices", found[:1])


MUTATION = Mutation(
    id="n-ignored",
    drifts=("PA02",),
    area="params",
    severity=Severity.RISKY,
    summary="n has no effect",
    apply=_apply,
    twin=again,
    exercised_by=("n-2",),
)
