"""Vectors of another length than 1: stores that rank by dot product prefer long ones to near ones."""

from __future__ import annotations

import math

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations.embeddings._vectors import edited, floats, in_form, nearly_equal


def _apply(exchange: Exchange) -> Exchange | None:
    def change(vector: Json) -> Json:
        found = floats(vector)
        return in_form(vector, [3 * x for x in found]) if found and _is_unit(found) else None

    return edited(exchange, change)


def _is_unit(vector: list[float]) -> bool:
    return math.isclose(math.hypot(*vector), 1, abs_tol=0.01)


MUTATION = Mutation(
    id="vector-not-normalised",
    drifts=("EM03",),
    area="embeddings",
    severity=Severity.RISKY,
    summary="vectors are not normalised",
    apply=_apply,
    twin=nearly_equal,
    exercised_by=("embed", "embed-batch"),
)
