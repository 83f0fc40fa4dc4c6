"""A client leaves in the middle of an answer, and the upstream goes on (RQ20)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Call, Comparison, Drift, Ending, Observation, Rule, Severity
from gate.observe.scopes import has_passages

# Seconds. A proxy that notices at its second write has half a second for each in a hermetic check;
# RQ20's goes on to the end of the answer.
_SOON = 1.5


def check(comparison: Comparison) -> Iterator[Drift]:
    """How long the upstream was kept at work after the client was gone; the golden's gateway may be as slow."""
    usual = max((late for sample in comparison.golden if (late := _late(sample)) is not None), default=0.0)
    for pair in comparison.pairs:
        late = _late(pair.candidate)
        if late is not None and late > usual + _SOON:
            yield pair.drift(
                path="request",
                message=f"the upstream {_words(pair.candidate)} that the client left",
                golden=f"the client left after {(pair.candidate.timing.total or 0.0) / 1000:.1f} s",
                candidate=f"the upstream was at work for {late:.1f} s more",
            )


def _late(sample: Observation) -> float | None:
    """Seconds that the upstream worked on after the client had left; None where nobody left, or nothing was asked."""
    call = _call(sample)
    if sample.ending is not Ending.CANCELLED or call is None or sample.timing.total is None:
        return None
    return (call.end_ms - sample.timing.total) / 1000


def _words(sample: Observation) -> str:
    call = _call(sample)
    return "learns late" if call and call.answer.ending is Ending.CANCELLED else "is not told"


def _call(sample: Observation) -> Call | None:
    return sample.passage.calls[-1] if sample.passage and sample.passage.calls else None


RULE = Rule(
    id="cancel-not-passed",
    area="request",
    severity=Severity.RISKY,
    summary="the upstream works on after the client has left",
    who_breaks="whoever pays for tokens that nobody reads; a local engine keeps a slot busy for each of them",
    hint="let the gateway close its upstream connection when the client's is gone",
    check=check,
    where=has_passages,
)
