"""State that the request asks for is not kept: previous_response_id, conversation, store (RS23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import is_responses
from gate.rules.responses._echo import ignored

# https://platform.openai.com/docs/guides/conversation-state
_KEYS = ("previous_response_id", "conversation", "store")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Every golden sample repeats what it was asked for; null in its place means that it was ignored."""
    yield from ignored(comparison, _KEYS)


RULE = Rule(
    id="state-not-kept",
    area="responses",
    # RS23: the answer is fluent and knows nothing of the turns before
    severity=Severity.RISKY,
    summary="the response does not confirm the state that the request asks for",
    who_breaks="conversations that send only what is new: the model has forgotten the rest; nothing is stored",
    hint="check that the server implements stored responses; else send the whole conversation",
    check=check,
    where=is_responses,
)
