"""A tier of a vendor's own: clients that check literal types refuse a good answer."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import MISSING, Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import answer
from gate.mutations._edit import CHAT, in_docs, put


def _apply(exchange: Exchange) -> Exchange | None:
    known = member(answer(exchange).final, "service_tier") in (MISSING, None, "default", "auto", "flex", "priority")
    return in_docs(exchange, lambda doc: put(doc, "service_tier", "on_demand"), CHAT) if known else None


def _twin(exchange: Exchange) -> Exchange | None:
    """Another tier that the API knows (B18)."""
    return in_docs(exchange, lambda doc: put(doc, "service_tier", "default"), CHAT)


MUTATION = Mutation(
    id="service-tier-foreign",
    drifts=("S24",),
    area="schema",
    severity=Severity.RISKY,
    summary="service_tier outside the API's set",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat", "chat-stream"),
)
