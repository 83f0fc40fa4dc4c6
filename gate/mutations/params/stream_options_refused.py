"""Strict backends know no stream_options: SDKs that always send it fail on every stream."""

from __future__ import annotations

from gate.model import Severity
from gate.mutations import Mutation
from gate.mutations._noise import again
from gate.mutations.params._refusal import refusing, sends

MUTATION = Mutation(
    id="stream-options-refused",
    drifts=("PA03",),
    area="params",
    severity=Severity.BREAKING,
    summary="stream_options is refused",
    apply=refusing(sends("stream_options"), "stream_options", "stream_options: Extra inputs are not permitted"),
    twin=again,
    exercised_by=("chat-stream-usage", "param-stream-options"),
)
