"""`data:{…}` where the golden writes `data: {…}` (T01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.transport._frames import Fault, Faults, drifts

_FAULTS: Faults = {"unspaced": Fault("the frames have no space after data:", "data: with a space")}


def check(comparison: Comparison) -> Iterator[Drift]:
    """The standard makes the space optional; parsers that match the literal prefix do not."""
    return drifts(comparison, _FAULTS)


RULE = Rule(
    id="sse-no-space",
    area="transport",
    severity=Severity.RISKY,
    summary="the stream's frames have no space after data:",
    who_breaks='hand-rolled parsers and older SDKs that match the prefix "data: " skip every frame: an empty answer',
    hint="let the server or gateway write `data: ` with a space",
    check=check,
    where=has_streams,
    needs=("framing",),
)
