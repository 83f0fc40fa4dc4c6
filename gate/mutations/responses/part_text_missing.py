"""Parts are opened without `text: ""`: clients can't read the item, and drop all of its text."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import RESPONSES, drop, every, in_docs
from gate.mutations.responses._events import fewer_deltas, parts


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(parts(doc), _silenced), RESPONSES)


def _silenced(part: dict[str, Any]) -> bool:
    return part.get("type") == "output_text" and drop(part, "text")


MUTATION = Mutation(
    id="part-text-missing",
    drifts=("RS11",),
    area="responses",
    severity=Severity.BREAKING,
    summary="text parts have no text",
    apply=_apply,
    twin=fewer_deltas,
    exercised_by=("responses", "responses-stream"),
)
