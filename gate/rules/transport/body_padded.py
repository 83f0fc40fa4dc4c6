"""White space before a JSON body, sent to keep the connection alive (T32)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import numbered


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only before the JSON; a line feed after it, or indentation, is nothing to a parser."""
    golden, candidate = comparison.golden, comparison.candidate
    if any(map(_padding, golden)) or not any(g.form == "json" for g in golden):
        return
    for sample, found in numbered(candidate):
        if count := _padding(found):
            message = "white space comes before the JSON (keep-alive): the body does not start with it"
            yield Drift(
                path="body",
                message=message,
                golden="starts with JSON",
                candidate=f"{count} blank characters first",
                sample=sample,
                byte=0,
            )


def _padding(found: Observation) -> int:
    return len(found.text) - len(found.text.lstrip()) if found.form == "json" else 0


RULE = Rule(
    id="body-padded",
    area="transport",
    severity=Severity.RISKY,
    summary="the JSON body starts with white space",
    who_breaks="strict clients and sniffers that look at the first byte; a late error can't have its own status",
    hint="turn the server's white-space keep-alive off for plain requests, or stream",
    check=check,
)
