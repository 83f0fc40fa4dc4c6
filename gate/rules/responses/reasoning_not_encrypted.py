"""Encrypted reasoning was asked for and does not come (RS19)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.answer import is_text
from gate.observe.scopes import is_responses
from gate.wire.shape import show

_ASKED = "reasoning.encrypted_content"


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where every golden sample has it; without it, a client that stores nothing can't send the reasoning back."""
    for pair in comparison.answers:
        wanted = _ASKED in members(pair.candidate.request, "include")
        if wanted and all(map(_encrypted, pair.golden)) and not _encrypted(pair.candidate):
            items = _reasoning(pair.candidate)
            yield pair.drift(
                path="output[].encrypted_content",
                message="the request includes reasoning.encrypted_content, and the answer has none",
                golden="a reasoning item with encrypted_content",
                candidate=show(items[0], 80) if items else "no reasoning item",
            )


def _reasoning(observation: Observation) -> list[Json]:
    output = members(observation.answer.final, "output") if observation.answer else []
    return [item for item in output if member(item, "type") == "reasoning"]


def _encrypted(observation: Observation) -> bool:
    return any(is_text(member(item, "encrypted_content")) for item in _reasoning(observation))


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
