"""Encrypted reasoning was asked for and does not come (RS19)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Json, Rule, Severity
from gate.observe.answer import is_text
from gate.observe.items import done_items, output
from gate.observe.scopes import is_responses
from gate.wire.shape import show

_ASKED = "reasoning.encrypted_content"


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where every golden sample has it; without it, a client that stores nothing can't send the reasoning back."""
    for pair in comparison.answers:
        wanted = _ASKED in members(pair.candidate.request, "include")
        for path, items in _PLACES.items() if wanted else ():
            if _encrypted(items(pair.candidate)) or not all(_encrypted(items(golden)) for golden in pair.golden):
                continue
            reasoning = _reasoning(items(pair.candidate))
            yield pair.drift(
                path=path,
                message="the request includes reasoning.encrypted_content, and the answer has none",
                golden="a reasoning item with encrypted_content",
                candidate=show(reasoning[0], 80) if reasoning else "no reasoning item",
            )
            break


# clients of streams take the items from the events that finish them (Codex), or from the last event (SDKs)
_PLACES = {"output[].encrypted_content": output, "item.encrypted_content": done_items}


def _reasoning(items: list[Json]) -> list[Json]:
    return [item for item in items if member(item, "type") == "reasoning"]


def _encrypted(items: list[Json]) -> bool:
    return any(is_text(member(item, "encrypted_content")) for item in _reasoning(items))


RULE = Rule(
    id="reasoning-not-encrypted",
    area="responses",
    # RS19: the next turn loses the reasoning, or is refused: the item is not stored and can't be found
    severity=Severity.BREAKING,
    summary="encrypted reasoning was asked for and is not in the answer",
    who_breaks="agents with store: false (Codex, Agents SDK) send the items back: 404 for an item that was not stored",
    hint="pass `include` on to the provider, and its encrypted_content back",
    check=check,
    where=is_responses,
)
