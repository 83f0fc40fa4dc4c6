"""Azure starts with a chunk of filter results and no choices: `chunk.choices[0]` raises."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import CHAT, in_events
from gate.mutations._noise import role_with_content

_FIRST = {
    "id": "",
    "choices": [],
    "created": 0,
    "model": "",
    "object": "",
    "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}],
}


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, lambda found: [found[0].beside(_FIRST), *found], CHAT)


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
