"""The usage of a response lacks its details, or the count in them (RS17)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Json, Pair, Rule, Severity
from gate.observe.answer import grammar, word
from gate.observe.scopes import is_responses
from gate.observe.usage import usage
from gate.wire.shape import show

# https://platform.openai.com/docs/api-reference/responses/object#responses/object-usage
_COUNTS = {"input_tokens_details": "cached_tokens", "output_tokens_details": "reasoning_tokens"}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Required by the API, here unlike in chat; an object without its count is worse than none at all."""
    for pair in comparison.answers if grammar(comparison.golden[0]).answer_at else ():
        counts = usage(pair.candidate)
        for key, count in _COUNTS.items() if counts else ():
            if all(type(member(member(usage(golden), key), count)) is int for golden in pair.golden):
                yield from _details(pair, key, count, member(counts, key))


def _details(pair: Pair, key: str, count: str, details: Json) -> Iterator[Drift]:
    empty = isinstance(details, dict)
    if not (empty and details.get(count) is not None):
        lost = f"has null as {count}" if empty and count in details else f"lacks {count}"
        yield pair.drift(
            path=f"usage.{key}.{count}" if empty else f"usage.{key}",
            message=f"{key} {lost}" if empty else f"{key} is {word(details)}",
            golden=f"an object with {count}",
            candidate=show(details, 80),
            # Codex reads the object as optional and the count in it as required: without it the whole response fails
            severity=Severity.BREAKING if empty else Severity.RISKY,
        )


RULE = Rule(
    id="response-usage-details",
    area="responses",
    # RS17: SDKs declare both objects as required; clients that guard them go on
    severity=Severity.RISKY,
    summary="usage.input_tokens_details or output_tokens_details is missing, or lacks its count",
    who_breaks="agents that read output_tokens_details.reasoning_tokens: AttributeError; Codex fails to decode it",
    hint="send both objects, with 0 where nothing was cached or thought",
    check=check,
    where=is_responses,
)
