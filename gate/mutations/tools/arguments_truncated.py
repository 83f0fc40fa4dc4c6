"""The end of the arguments is lost: the blame for the broken JSON falls on the model."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._stream_noise import call_in_one_block
from gate.mutations.tools._arguments import spoiled


def _apply(exchange: Exchange) -> Exchange | None:
    return spoiled(exchange, lambda text, _: text[: len(text) // 2])


MUTATION = Mutation(
    id="arguments-truncated",
    drifts=("T07", "TL13"),
    area="tools",
    severity=Severity.BREAKING,
    summary="arguments are cut",
    apply=_apply,
    twin=call_in_one_block,
    exercised_by=("tool-forced", "tool-forced-stream"),
)
