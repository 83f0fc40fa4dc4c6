"""One JSON value over several `data:` lines (T09)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.transport._frames import Fault, Faults, drifts

_FAULTS: Faults = {
    "split": Fault("one JSON value is spread over several data: lines of a frame", "one data: line in each frame")
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """The standard joins the lines with a line feed; parsers that decode line by line do not."""
    return drifts(comparison, _FAULTS)


RULE = Rule(
    id="sse-data-split",
    area="transport",
    severity=Severity.RISKY,
    summary="a frame of the stream has its JSON on several data: lines",
    who_breaks="parsers that decode each data: line on its own raise a JSON error at the first",
    hint="write the JSON of an event on one line",
    check=check,
    where=has_streams,
    needs=("framing",),
)
