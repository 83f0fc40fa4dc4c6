"""The stream ends right after its last line: parsers that keep the standard drop that event."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import Piece, in_events


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, _edit)


def _edit(found: list[Piece]) -> list[Piece] | None:
    last = max((i for i, piece in enumerate(found) if isinstance(piece.doc, dict)), default=None)
    return None if last is None else [*found[:last], found[last].sub(rb"(\r?\n)+\Z", b"\n")]


def _twin(exchange: Exchange) -> Exchange | None:
    """Only the sentinel, which says nothing more, lacks its blank line."""

    def edit(found: list[Piece]) -> list[Piece] | None:
        ends = "done" in found[-1].kinds
        return [*found[:-1], found[-1].sub(rb"(\r?\n)+\Z", b"\n")] if ends else None

    return in_events(exchange, edit)


MUTATION = Mutation(
    id="sse-last-event-unterminated",
    drifts=("T04",),
    area="transport",
    severity=Severity.BREAKING,
    summary="the last event lacks its blank line",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream", "responses-stream"),
)
