"""A call without parameters has arguments `""`, not `{}`: no JSON parser takes that."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import reargued


def _apply(exchange: Exchange) -> Exchange | None:
    return reargued(exchange, lambda arguments: "" if arguments.strip() == "{}" else arguments)


def _twin(exchange: Exchange) -> Exchange | None:
    """A space between the braces."""
    return reargued(exchange, lambda arguments: "{ }" if arguments.strip() == "{}" else arguments)


MUTATION = Mutation(
    id="arguments-empty",
    drifts=("TL14",),
    area="tools",
    severity=Severity.RISKY,
    summary="arguments of a call without parameters are empty",
    apply=_apply,
    twin=_twin,
    exercised_by=("tool-no-parameters",),
)
