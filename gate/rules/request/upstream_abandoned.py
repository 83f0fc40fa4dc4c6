"""The gateway leaves its upstream in the middle of an answer that its client waits for (RQ24)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Call, Comparison, Drift, Ending, Observation, Rule, Severity
from gate.observe.answer import ended
from gate.observe.scopes import has_passages

_GONE = frozenset({Ending.CANCELLED, Ending.TIMEOUT, Ending.TOO_LARGE})
"""Endings of the client's own doing: its gateway has nobody to wait for any more."""


def check(comparison: Comparison) -> Iterator[Drift]:
    """A silence that is too long for it, or a time that an answer may last; the golden's gateway may be as hasty."""
    if any(_left(sample) for sample in comparison.golden):
        return
    for pair in comparison.pairs:
        if call := _left(pair.candidate):
            yield pair.drift(
                path="request",
                message=f"the gateway leaves its upstream after {(call.end_ms - call.at_ms) / 1000:.1f} s",
                golden="the upstream would have gone on",
                candidate=_got(pair.candidate),
            )


def _left(sample: Observation) -> Call | None:
    """The first call that was left, in the middle of its answer, while the client was there."""
    calls = sample.passage.calls if sample.passage and sample.ending not in _GONE else ()
    return next((c for c in calls if c.answer.ending is Ending.CANCELLED and not _whole(c.answer)), None)


def _whole(answer: Observation) -> bool:
    """Whether all that a client reads had come: many leave before the last chunk of the transfer."""
    return ended(answer) if answer.form == "stream" else answer.body is not MISSING


def _got(sample: Observation) -> str:
    words = str(sample.status or "") if sample.ending is Ending.COMPLETE else f"{sample.status or ''} {sample.ending}"
    return f"the client gets: {words.strip()}"


RULE = Rule(
    id="upstream-abandoned",
    area="request",
    severity=Severity.RISKY,
    summary="the gateway gives up on an upstream that its client waits for",
    who_breaks="long answers and models that think in silence: they are cut at the same second each time, and paid for",
    hint="raise the gateway's timeouts (nginx: proxy_read_timeout, Envoy: route timeout: 0s), or send heartbeats",
    check=check,
    where=has_passages,
)
