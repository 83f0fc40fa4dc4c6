"""One request of the client becomes several upstream (RQ19)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gate.model import Call, Comparison, Drift, Ending, Observation, Rule, Severity
from gate.observe.scopes import has_passages


def check(comparison: Comparison) -> Iterator[Drift]:
    """After a failure it is a hidden retry; after a whole answer the same work is paid twice."""
    usual = max((_count(sample) for sample in comparison.golden), default=0)
    for pair in comparison.pairs:
        calls = pair.candidate.passage.calls if pair.candidate.passage else ()
        if len(calls) > max(1, usual):
            twice = calls[0].answer.ok and calls[0].answer.ending is Ending.COMPLETE
            yield pair.drift(
                path="request",
                message=f"{len(calls)} requests reach the upstream {_span(calls)}",
                golden="1 request of the client" if usual <= 1 else f"{usual} requests upstream",
                candidate=_timeline(calls),
                severity=Severity.BREAKING if twice else Severity.RISKY,
            )


def _count(sample: Observation) -> int:
    return len(sample.passage.calls) if sample.passage else 0


def _span(calls: Sequence[Call]) -> str:
    return f"within {(calls[-1].at_ms - calls[0].at_ms) / 1000:.1f} s"


def _timeline(calls: Sequence[Call]) -> str:
    shown = [f"{call.answer.status or call.answer.ending} at {call.at_ms / 1000:.1f} s" for call in calls[:_SHOWN]]
    more = f" and {len(calls) - _SHOWN} more" if len(calls) > _SHOWN else ""
    return ", ".join(shown) + more


_SHOWN = 6  # requests that fit a line


RULE = Rule(
    id="request-retried",
    area="request",
    severity=Severity.RISKY,
    summary="one request of a client becomes several upstream",
    who_breaks="whoever pays for each of them, and clients that count on a quick failure: their own retries multiply",
    hint="switch the retries of the gateway off (LiteLLM: num_retries: 0), or those of the client",
    check=check,
    where=has_passages,
)
