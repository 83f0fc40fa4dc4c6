"""The gateway asks again sooner than the upstream wants (RQ21)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from gate.model import Call, Comparison, Drift, Observation, Rule, Severity
from gate.observe.scopes import has_passages

# Seconds by which timers and clocks may be off: a tenth of the shortest wait that can be asked for, a second
# (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3).
_SLACK = 0.1


def check(comparison: Comparison) -> Iterator[Drift]:
    """Between an answer with Retry-After and the next request; the golden's gateway may be as hasty."""
    if any(_hasty(_calls(sample)) for sample in comparison.golden):
        return
    for pair in comparison.pairs:
        if found := _hasty(_calls(pair.candidate)):
            wanted, waited = found
            yield pair.drift(
                path="headers.retry-after",
                message=f"the gateway asks again after {waited:.1f} s; the upstream wanted {wanted:.0f} s",
                golden=f"Retry-After: {wanted:.0f}",
                candidate=f"the next request {waited:.1f} s later",
            )


def _hasty(calls: Sequence[Call]) -> tuple[float, float] | None:
    """(seconds wanted, seconds waited) of the first request that came too soon."""
    for before, after in pairwise(calls):
        wanted = before.answer.headers.get("retry-after", "")
        waited = (after.at_ms - before.end_ms) / 1000
        if re.fullmatch(r"\d{1,6}", wanted) and waited + _SLACK < int(wanted):
            return float(wanted), max(0.0, waited)
    return None


def _calls(sample: Observation) -> Sequence[Call]:
    return sample.passage.calls if sample.passage else ()


RULE = Rule(
    id="retry-after-ignored",
    area="request",
    severity=Severity.RISKY,
    summary="the gateway asks again sooner than Retry-After allows",
    who_breaks="everybody on the same key: a limited upstream is hammered, and may lock the account for longer",
    hint="let the gateway wait as long as Retry-After says, or pass the refusal on at once",
    check=check,
    where=has_passages,
)
