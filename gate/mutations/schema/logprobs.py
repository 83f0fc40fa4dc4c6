"""Log probabilities that are lost for some tokens, or that can't be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.endpoints import member, members
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import choices
from gate.mutations.edit import in_plain
from gate.mutations.facts import CHAT
from gate.mutations.harmless import again
from gate.mutations.values import each, put


def logprobs_of_last_token(exchange: Exchange) -> Exchange | None:
    """A gateway keeps the logprobs of the last chunk alone: sums over the text are wrong."""

    def change(logprobs: dict[str, Any]) -> bool:
        entries = members(logprobs, "content")
        return len(entries) > 1 and put(logprobs, "content", entries[-1:])

    return in_plain(exchange, each(_logprobs, change), CHAT)


def logprobs_as_probabilities(exchange: Exchange) -> Exchange | None:
    """Probabilities in place of their logarithms: every threshold is passed."""

    def change(logprobs: dict[str, Any]) -> bool:
        entries = [entry for entry in members(logprobs, "content") if isinstance(entry, dict)]
        return bool(entries) and all([put(entry, "logprob", 0.97) for entry in entries])

    return in_plain(exchange, each(_logprobs, change), CHAT)


def _logprobs(doc: Json) -> Iterator[dict[str, Any]]:
    found = (member(choice, "logprobs") for choice in choices(doc))
    return (logprobs for logprobs in found if isinstance(logprobs, dict))


MUTATIONS = (
    Row(
        drifts=("S62",),
        severity=Severity.BREAKING,
        summary="log probabilities of the last token alone",
        apply=logprobs_of_last_token,
        twin=again,
        exercised_by=("logprobs",),
    ),
    Row(
        drifts=("S63",),
        severity=Severity.RISKY,
        summary="probabilities in place of logarithms",
        apply=logprobs_as_probabilities,
        twin=again,
        exercised_by=("logprobs",),
    ),
)
