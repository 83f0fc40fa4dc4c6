"""The golden refuses in `refusal`, and the candidate's answer has nothing at all (S58)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import answered
from gate.rules.schema._refusals import refusals
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where every golden sample refuses; a filter that held the answer back says so in its finish."""
    for pair, choice, said in refusals(comparison):
        withheld = choice.finish == "content_filter"
        if answered(pair.candidate) and not (choice.text.strip() or choice.tool_calls or withheld):
            yield pair.drift(
                path=choice.content_path,
                message="the refusal is lost: the answer has neither a refusal nor text",
                golden=show(said, 60),
                candidate="nothing",
            )


RULE = Rule(
    id="refusal-lost",
    area="schema",
    # S58: an empty success, which applications show as a blank reply
    severity=Severity.BREAKING,
    summary="the model's refusal is gone, and nothing came in its place",
    who_breaks="applications show a blank reply; SDK helpers that parse the content raise on an empty text",
    hint="let the gateway pass `refusal` on, in messages, deltas and content parts",
    check=check,
)
