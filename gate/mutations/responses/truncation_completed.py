"""An answer cut at the limit is called completed: nobody can tell that it is half."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import heads
from gate.mutations._edit import RESPONSES, every, in_docs
from gate.mutations._noise import again


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: every(heads(doc), _completed), RESPONSES)


def _completed(head: dict[str, Any]) -> bool:
    cut_off = head.get("status") == "incomplete" and isinstance(head.get("incomplete_details"), dict)
    if cut_off:
        head.update(status="completed", incomplete_details=None)
    return cut_off


MUTATION = Mutation(
    id="truncation-completed",
    drifts=("RS10",),
    area="responses",
    severity=Severity.RISKY,
    summary="a cut answer is called completed",
    apply=_apply,
    twin=again,
    exercised_by=("responses", "responses-stream"),
)
