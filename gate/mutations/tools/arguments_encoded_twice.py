"""Arguments are JSON text of JSON text: the first parse gives a string."""

from __future__ import annotations

import json

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import reargued
from gate.mutations._noise import other_spacing_of_arguments


def _apply(exchange: Exchange) -> Exchange | None:
    return reargued(exchange, json.dumps)


MUTATION = Mutation(
    id="arguments-encoded-twice",
    drifts=("TL13",),
    area="tools",
    severity=Severity.BREAKING,
    summary="arguments are encoded twice",
    apply=_apply,
    twin=other_spacing_of_arguments,
    exercised_by=("tool-forced", "tool-forced-stream"),
)
