"""Error JSON without `data:` in an event stream: the standard takes it for an unknown field and drops it."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import Piece, halfway, in_events

_ERROR = b'{"code":429,"message":"Resource has been exhausted","details":"RESOURCE_EXHAUSTED"}\n'


def _apply(exchange: Exchange) -> Exchange | None:
    def edit(found: list[Piece]) -> list[Piece] | None:
        half = halfway(exchange, found)
        return [*found[:half], found[half - 1].framed(_ERROR)] if half else None

    return in_events(exchange, edit)


def _twin(exchange: Exchange) -> Exchange | None:
    """An empty comment."""
    return in_events(exchange, lambda found: [found[0], found[0].framed(b":\n\n"), *found[1:]])


MUTATION = Mutation(
    id="sse-bare-json",
    drifts=("T19",),
    area="transport",
    severity=Severity.BREAKING,
    summary="bare JSON in an event stream",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream", "responses-stream"),
)
