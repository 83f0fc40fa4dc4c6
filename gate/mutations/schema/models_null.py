"""A list of models that is null: pickers and health checks fail."""

from __future__ import annotations

from gate.endpoints import members
from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._edit import in_docs, put


def _apply(exchange: Exchange) -> Exchange | None:
    return in_docs(exchange, lambda doc: isinstance(doc, dict) and put(doc, "data", None), "models")


def _twin(exchange: Exchange) -> Exchange | None:
    """Other models in another order (B29)."""

    def change(doc: Json) -> bool:
        found = members(doc, "data")
        if not found or not isinstance(found[0], dict):
            return False
        doc["data"] = [{**found[0], "id": "another-model"}, *reversed(found)]
        return True

    return in_docs(exchange, change, "models")


MUTATION = Mutation(
    id="models-null",
    drifts=("S33",),
    area="schema",
    severity=Severity.RISKY,
    summary="the list of models is null",
    apply=_apply,
    twin=_twin,
    exercised_by=("models",),
)
