"""sdk-events-changed: a kind of stream event is gone, comes in another number, or is new."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts


def check(comparison: Comparison) -> Iterator[Drift]:
    """Kinds of events by their count."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    if not (call.golden.outcome == call.candidate.outcome == "returned"):
        return
    for kind in sorted({*call.golden.events, *call.candidate.events}):
        before, now = call.golden.events.get(kind, 0), call.candidate.events.get(kind, 0)
        if before != now:
            gone = before > 0 and now == 0
            message = "this kind of event is gone" if gone else "this kind of event comes in another number"
            yield Told(f"events.{kind}", message, str(before), str(now), Severity.RISKY if gone else Severity.INFO)


RULE = Rule(
    id="sdk-events-changed",
    area="sdk",
    severity=Severity.RISKY,
    summary="the stream that the SDK hands on has other events",
    who_breaks="loops that branch on the kind of event, and progress displays that count them",
    hint="branch on the kinds that you need and pass over all others",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
