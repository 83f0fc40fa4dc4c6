"""Arguments are JSON text of JSON text: the first parse gives a string."""

from __future__ import annotations

import json

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._noise import other_spacing_of_arguments
from gate.mutations.tools._arguments import spoiled


def _apply(exchange: Exchange) -> Exchange | None:
    return spoiled(exchange, lambda text, _: json.dumps(text))


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
