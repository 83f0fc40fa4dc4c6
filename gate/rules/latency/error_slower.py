"""A refusal takes seconds where the golden's takes milliseconds: the gateway tries again, unseen (LA07)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gate.model import Comparison, Drift, Ending, Observation, Rule, Severity
from gate.observe.scopes import has_failures
from gate.rules.latency._steady import LATER_MS, TIMES


def check(comparison: Comparison) -> Iterator[Drift]:
    """The fastest refusal of the candidate against the slowest of the golden: one slow sample is noise (B35)."""
    golden = _times(comparison.golden)
    candidate = _times(pair.candidate for pair in comparison.pairs)
    if not golden or not candidate:
        return
    slowest, fastest = max(golden), min(candidate)
    if fastest < slowest + LATER_MS or fastest < slowest * TIMES:
        return
    for pair in comparison.pairs:
        for total in _times([pair.candidate]):
            yield pair.drift(
                path="timing.error",
                message=f"the error comes after {total / 1000:.1f} s, not after {slowest / 1000:.1f} s",
                golden=f"{slowest:.0f} ms",
                candidate=f"{total:.0f} ms",
            )


def _times(samples: Iterable[Observation]) -> list[float]:
    """ms to the end of each failure whose times are known."""
    whole = (sample for sample in samples if sample.status >= 400 and sample.ending is Ending.COMPLETE)
    return [sample.timing.total for sample in whole if sample.timing.total is not None]


RULE = Rule(
    id="error-slower",
    area="latency",
    # as with first-token-slower, it depends on timers that we do not know
    severity=Severity.RISKY,
    summary="an error takes 1 s longer and 5 times as long as the golden's slowest",
    who_breaks="fallbacks start late, and retries of client and gateway multiply: each failure costs several requests",
    hint="set the gateway's own retries to 0 (num_retries, max_retries), or leave retrying to it alone",
    check=check,
    where=has_failures,
)
