"""Azure starts with a chunk of filter results and no choices: `chunk.choices[0]` raises."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, Piece, in_events, places
from gate.mutations._stream_noise import role_with_content

_FIRST = {
    "id": "",
    "choices": [],
    "created": 0,
    "model": "",
    "object": "",
    "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}],
}


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, _edit, CHAT)


def _edit(found: list[Piece]) -> list[Piece] | None:
    first = next((i for i, piece in enumerate(found) if isinstance(piece.doc, dict)), None)
    if first is None or places(found, "choiceless"):
        return None
    return [*found[:first], found[first].beside(_FIRST), *found[first:]]


MUTATION = Mutation(
    id="first-chunk-choiceless",
    drifts=("ST01",),
    area="stream",
    severity=Severity.BREAKING,
    summary="the first chunk has no choices",
    apply=_apply,
    twin=role_with_content,
    exercised_by=("chat-stream",),
)
