"""Parts of tool calls come without `index`: the official client raises, others drop the call."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import calls
from gate.mutations._edit import CHAT, drop, every, in_docs, streamed
from gate.mutations._stream_noise import call_in_one_block


def _apply(exchange: Exchange) -> Exchange | None:
    fits = streamed(exchange, CHAT)
    return in_docs(exchange, lambda doc: every(calls(doc), lambda call: drop(call, "index"))) if fits else None


MUTATION = Mutation(
    id="tool-index-missing",
    drifts=("TL01",),
    area="tools",
    severity=Severity.BREAKING,
    summary="streamed tool calls have no index",
    apply=_apply,
    twin=call_in_one_block,
    exercised_by=("tool-forced-stream", "tool-parallel-stream"),
)
