"""`usage: null` on the chunks before the end appears or disappears (US03)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import types
from gate.observe.scopes import has_streams


def check(comparison: Comparison) -> Iterator[Drift]:
    """OpenAI sends it when the request asks for usage; naive readers expect an object wherever the key is."""
    # https://platform.openai.com/docs/api-reference/chat/create: all other chunks have a null usage
    for pair in comparison.answers:
        nulls, usual = _nulls(pair.candidate), list(map(_nulls, pair.golden))
        if nulls and not any(usual):
            yield pair.drift(path="usage", message="chunks have usage: null", golden="no such key", candidate="null")
        elif not nulls and all(usual):
            yield pair.drift(
                path="usage", message="chunks no longer have usage: null", golden="null", candidate="no such key"
            )


def _nulls(observation: Observation) -> bool:
    return observation.form == "stream" and "null" in types(observation, "usage")


RULE = Rule(
    id="usage-null-chunks",
    area="usage",
    # US03: OpenAI itself does it, as soon as the request asks for usage (B23)
    severity=Severity.INFO,
    summary="usage: null is in every chunk, or no longer is",
    who_breaks="code that reads chunk.usage.total_tokens wherever the key exists",
    hint="check usage for null before you read it",
    check=check,
    where=has_streams,
)
