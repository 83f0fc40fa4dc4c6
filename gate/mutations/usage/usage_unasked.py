"""A chunk of usage without choices that nobody asked for: parsers that want a choice in each chunk crash."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, Piece, asked, in_events, places
from gate.mutations._stream_noise import null_usage_chunks

_USAGE = {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        ends = places(found, "finish")
        if not ends or places(found, "usage"):
            return None
        extra = found[ends[-1]].beside({**found[ends[-1]].doc, "choices": [], "usage": _USAGE})
        return [*found[: ends[-1] + 1], extra, *found[ends[-1] + 1 :]]

    unasked = not member(asked(exchange, "stream_options"), "include_usage")
    return in_events(exchange, edit, CHAT) if unasked else None


MUTATION = Mutation(
    id="usage-unasked",
    drifts=("ST02",),
    area="usage",
    severity=Severity.RISKY,
    summary="a usage chunk that nobody asked for",
    apply=_apply,
    twin=null_usage_chunks,
    exercised_by=("chat-stream",),
)
