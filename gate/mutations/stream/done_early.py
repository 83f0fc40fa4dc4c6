"""[DONE] comes before the finish chunk: every client stops there, and misses the reason."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, COMPLETIONS, Piece, in_events, places, streamed


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        done, ends = places(found, "done"), places(found, "finish")
        if not done or not ends or ends[-1] > done[0]:
            return None
        return [
            *found[: ends[-1]],
            replace(found[done[0]], chunks=found[ends[-1]].chunks[-1:]),
            *found[ends[-1] : done[0]],
        ]

    return in_events(exchange, edit, CHAT, COMPLETIONS)


def _twin(exchange: Exchange) -> Exchange | None:
    """A comment after [DONE]."""
    fits = streamed(exchange, CHAT)
    return in_events(exchange, lambda found: [*found, found[-1].framed(b": bye\n\n")]) if fits else None


MUTATION = Mutation(
    id="done-early",
    drifts=("T05", "ST12"),
    area="stream",
    severity=Severity.BREAKING,
    summary="[DONE] comes before the end",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream", "tool-forced-stream"),
)
