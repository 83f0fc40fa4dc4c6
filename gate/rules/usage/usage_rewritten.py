"""The counts of tokens are not those of the upstream (RQ23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Ending, Observation, Rule, Severity
from gate.observe.scopes import has_passages
from gate.observe.usage import COMPLETION, PROMPT, TOTAL


def check(comparison: Comparison) -> Iterator[Drift]:
    """Through a gateway whose upstream is seen: counts that both sides have, and that are not the same."""
    known = {name for sample in comparison.golden for name, _, _ in _recounted(sample)}
    for pair in comparison.pairs:
        for name, before, after in _recounted(pair.candidate):
            if name not in known:
                yield pair.drift(
                    path=f"usage.{name}",
                    message=f"{name} is counted anew by the gateway",
                    golden=f"{before} by the upstream",
                    candidate=str(after),
                )


def _recounted(client: Observation) -> Iterator[tuple[str, int, int]]:
    """(count, the upstream's, the client's) of those that differ, after an answer that came whole."""
    calls = client.passage.calls if client.passage else ()
    if calls and calls[-1].answer.ending is Ending.COMPLETE:
        for name in (*PROMPT, *COMPLETION, *TOTAL):
            before, after = (_count(side, name) for side in (calls[-1].answer, client))
            if before is not None and after is not None and before != after:
                yield name, before, after


def _count(observation: Observation, name: str) -> int | None:
    count = member(observation.answer.usage if observation.answer else None, name)
    return count if type(count) is int else None


RULE = Rule(
    id="usage-rewritten",
    area="usage",
    severity=Severity.RISKY,
    summary="the gateway's token counts are not the upstream's",
    who_breaks="cost tables and budgets: they disagree with the provider's bill",
    hint="let the gateway pass usage on, and count itself only where the upstream sends none",
    check=check,
    where=has_passages,
)
