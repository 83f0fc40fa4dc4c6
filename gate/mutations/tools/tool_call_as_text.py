"""The route's tool parser is off: the call comes as markup in the text, and nobody runs it."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._noise import again
from gate.mutations.tools._uncalled import uncalled


def _apply(exchange: Exchange) -> Exchange | None:
    return uncalled(exchange, _markup)


def _markup(name: str, arguments: str) -> str:
    return f'<tool_call>{{"name": "{name}", "arguments": {arguments}}}</tool_call>'


MUTATION = Mutation(
    id="tool-call-as-text",
    drifts=("TL18",),
    area="tools",
    severity=Severity.BREAKING,
    summary="the tool call comes as text",
    apply=_apply,
    twin=again,
    exercised_by=("tool-forced", "tool-forced-stream"),
)
