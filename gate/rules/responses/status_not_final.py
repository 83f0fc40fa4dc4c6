"""A response comes as the answer, and its status says that it is none: in_progress, queued, failed, cancelled."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import choices, comparable, grammar, numbered
from gate.wire.shape import show

# https://platform.openai.com/docs/api-reference/responses/object#responses/object-status
_NOT_FINAL = frozenset({"queued", "in_progress", "failed", "cancelled"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where no golden sample ends so; a stream that says failed with an event of its own is stream-error's."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        like = comparable(golden, found)
        # a stream without its terminal event shows the status of its beginning
        if (
            not like
            or "failed" in found.kinds
            or (found.form == "stream" and found.kinds.isdisjoint(grammar(found).ends))
        ):
            continue
        known = {finish for g in like for finish in _finishes(g)}
        for finish in _finishes(found):
            gold = " or ".join(map(show, sorted(known)))
            if finish in _NOT_FINAL and finish not in known:
                message = f"the response is the answer, but its status is {show(finish)}"
                yield Drift(path="status", message=message, golden=gold, candidate=show(finish), sample=sample)
            # where the golden was cut, truncation-hidden tells it
            elif finish == "incomplete" and known == {"completed"}:
                message = "the status is incomplete, and incomplete_details gives no reason"
                yield Drift(
                    path="status",
                    message=message,
                    golden=gold,
                    candidate=show(finish),
                    sample=sample,
                    severity=Severity.RISKY,
                )


def _finishes(found: Observation) -> list[str]:
    return [choice.finish for choice in choices(found) if isinstance(choice.finish, str)]


RULE = Rule(
    id="status-not-final",
    area="responses",
    severity=Severity.BREAKING,
    summary="a finished response has the status of one that is still running, or failed",
    who_breaks='clients that wait for status == "completed" poll for ever or raise',
    hint="let the gateway set status when it synthesizes the final response",
    check=check,
)
