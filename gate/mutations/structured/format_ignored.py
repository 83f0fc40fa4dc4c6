"""The route drops response_format without a word, and prose comes."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations.structured._document import pretty, restated


def _apply(exchange: Exchange) -> Exchange | None:
    return restated(exchange, lambda _: "The order of Ada is paid; it has three items and costs 159 in total.")


MUTATION = Mutation(
    id="format-ignored",
    drifts=("SO02",),
    area="structured",
    severity=Severity.BREAKING,
    summary="prose where JSON was asked for",
    apply=_apply,
    twin=pretty,
    exercised_by=("json-schema", "json-schema-stream", "json-object"),
)
