"""The opaque signature of a call is stripped: the next turn is refused because it is missing."""

from __future__ import annotations

from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import calls
from gate.mutations._edit import CHAT, drop, every, in_docs, put


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(calls(doc), lambda call: drop(call, "extra_content")), CHAT)


def _twin(exchange: Exchange) -> Exchange | None:
    """Another signature."""
    return in_docs(exchange, lambda doc: every(calls(doc), _resigned), CHAT)


def _resigned(call: dict[str, Any]) -> bool:
    google = member(call.get("extra_content"), "google")
    return isinstance(google, dict) and "thought_signature" in google and put(google, "thought_signature", "b3RoZXI=")


MUTATION = Mutation(
    id="tool-signature-lost",
    drifts=("TL23",),
    area="tools",
    severity=Severity.BREAKING,
    summary="the signature of tool calls is lost",
    apply=_apply,
    twin=_twin,
    exercised_by=("tool-forced", "tool-roundtrip"),
)
