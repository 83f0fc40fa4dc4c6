"""base64 was asked for and numbers come: openai-node reads them as bytes, and vectors shrink to a quarter."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations.embeddings._vectors import edited, floats, nearly_equal


def _apply(exchange: Exchange) -> Exchange | None:
    return edited(exchange, lambda vector: floats(vector) if isinstance(vector, str) else None)


MUTATION = Mutation(
    id="base64-ignored",
    drifts=("EM01", "SD01"),
    area="embeddings",
    severity=Severity.BREAKING,
    summary="numbers where base64 was asked for",
    apply=_apply,
    twin=nearly_equal,
    exercised_by=("embed-base64",),
)
