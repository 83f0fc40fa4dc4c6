"""`usage: null` on the chunks before the end appears or disappears (US03)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import comparable, numbered, types


def check(comparison: Comparison) -> Iterator[Drift]:
    """OpenAI sends it when usage was asked for; naive readers take a key that is there for an object."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        # https://platform.openai.com/docs/api-reference/chat/create: all other chunks carry a null usage
        like = comparable(golden, found) if found.form == "stream" else []
        if like and _nulls(found) and not any(map(_nulls, like)):
            yield Drift(
                path="usage", message="chunks carry usage: null", golden="no such key", candidate="null", sample=sample
            )
        elif like and not _nulls(found) and all(map(_nulls, like)):
            yield Drift(
                path="usage",
                message="chunks no longer carry usage: null",
                golden="null",
                candidate="no such key",
                sample=sample,
            )


def _nulls(found: Observation) -> bool:
    return "null" in types(found, "usage")


RULE = Rule(
    id="usage-null-chunks",
    area="usage",
    severity=Severity.INFO,
    summary="usage: null comes, or no longer comes, with every chunk",
    who_breaks="code that reads chunk.usage.total_tokens wherever the key exists",
    hint="test usage for null before you read it",
    check=check,
)
