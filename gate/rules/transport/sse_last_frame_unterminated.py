"""The stream ends without the blank line that dispatches its last event (T04)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.transport._frames import Fault, Faults, drifts

_FAULTS: Faults = {"unterminated": Fault("the last event has no blank line after it", "a blank line after every event")}


def check(comparison: Comparison) -> Iterator[Drift]:
    """By the standard such an event is discarded; after the sentinel, which has no content, nothing is lost."""
    return drifts(comparison, _FAULTS)


RULE = Rule(
    id="sse-last-frame-unterminated",
    area="transport",
    severity=Severity.BREAKING,
    summary="the stream's last event lacks its blank line",
    who_breaks="decoders that follow the standard (openai-node up to 7.15) drop the event with finish_reason or usage",
    hint="end every event with an empty line; look for an intermediary that trims bodies",
    check=check,
    where=has_streams,
    needs=("end",),
)
