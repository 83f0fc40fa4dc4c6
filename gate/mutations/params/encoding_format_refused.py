"""encoding_format is on no list of the gateway: all default calls of the SDKs fail."""

from __future__ import annotations

from gate.model import Severity
from gate.mutations import Mutation
from gate.mutations.embeddings._vectors import nearly_equal
from gate.mutations.params._refusal import refusing, sends

MUTATION = Mutation(
    id="encoding-format-refused",
    drifts=("EM05",),
    area="params",
    severity=Severity.BREAKING,
    summary="encoding_format is refused",
    apply=refusing(sends("encoding_format"), "encoding_format", "Setting 'encoding_format' is not supported by ollama"),
    twin=nearly_equal,
    exercised_by=("embed", "embed-base64"),
)
