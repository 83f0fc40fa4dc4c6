"""Another code for an input that is too long: agents repeat it without end, when they should shorten it."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import in_error
from gate.mutations._noise import other_prose


def _apply(exchange: Exchange) -> Exchange | None:
    return in_error(exchange, _reworded)


def _reworded(error: dict[str, Any]) -> bool:
    fits = "context" in f"{error.get('code')} {error.get('type')}"
    if fits:
        said = "Input length 877338 exceeds the maximum allowed input length of 639968 tokens"
        error.update(code="400", type="invalid_request_error", message=said)
    return fits


MUTATION = Mutation(
    id="overflow-unrecognised",
    drifts=("ER14",),
    area="errors",
    severity=Severity.BREAKING,
    summary="an input that is too long gets another code",
    apply=_apply,
    twin=other_prose,
    exercised_by=("error-too-long",),
)
