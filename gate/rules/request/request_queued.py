"""A request waits in the gateway until another one's answer has ended (RQ25)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.scopes import has_passages

# Milliseconds without any request before the first that waited. A gateway that is only busy sends them on one
# after the other (LiteLLM 1.103 needs 4.5 s for 200 on two cores, 25 ms for each).
_LEAST = 1000.0
# Milliseconds. A gateway passes the end of an answer on and sends what waited for it, before its upstream has written
# down that the answer ended. It is far below the seconds for which each is held open.
_NEAR = 250.0


def check(comparison: Comparison) -> Iterator[Drift]:
    """Of many at once: each is held open upstream, so that one that waits for the end of another found no place. The
    golden's gateway may have as few."""
    if _waits([*comparison.golden]):
        return
    waits = _waits([pair.candidate for pair in comparison.pairs])
    for pair in comparison.pairs:
        if (at := _reached(pair.candidate)) is not None and at in waits:
            yield pair.drift(
                path="request",
                message="the request waits in the gateway until the answer to another one has ended",
                golden=f"{len(comparison.pairs)} at once",
                candidate=f"this one reaches the upstream after {at / 1000:.1f} s",
            )


def _waits(samples: Sequence[Observation]) -> set[float]:
    """When those reached the upstream that did so after the first answer had ended, in milliseconds."""
    first = min((s.passage.calls[0].end_ms for s in samples if s.passage and s.passage.calls), default=0.0)
    reached = [at for sample in samples if (at := _reached(sample)) is not None]
    before, after = ([at for at in reached if (at < first - _NEAR) is early] for early in (True, False))
    return set(after) if before and after and min(after) - max(before) >= _LEAST else set()


def _reached(sample: Observation) -> float | None:
    calls = sample.passage.calls if sample.passage else ()
    return calls[0].at_ms if calls else None


RULE = Rule(
    id="request-queued",
    area="request",
    severity=Severity.RISKY,
    summary="requests wait in the gateway for the end of others",
    who_breaks="everybody behind the first few: a long answer of one user is silence for another, and timeouts fire",
    hint="raise the connection pool of the gateway to its upstream (LiteLLM: AIOHTTP_CONNECTOR_LIMIT_PER_HOST)",
    check=check,
    where=has_passages,
)
