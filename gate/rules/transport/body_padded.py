"""White space before a JSON body, sent to keep the connection alive (T32)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.alignment import unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only before the JSON: parsers skip a line feed after it, and indentation."""
    answers_json = any(golden.form == "json" for golden in comparison.golden)
    for pair, count in unseen(comparison, _padding) if answers_json else ():
        yield pair.drift(
            path="body",
            message="white space comes before the JSON (keep-alive): the body does not start with it",
            golden="starts with JSON",
            candidate=f"{count} blank characters first",
            byte=0,
        )


def _padding(observation: Observation) -> int:
    """How many characters of white space come before the JSON."""
    text = observation.text
    return len(text) - len(text.lstrip()) if observation.form == "json" else 0


RULE = Rule(
    id="body-padded",
    area="transport",
    # T32: JSON.parse and json.loads skip white space, sniffers of the first byte do not
    severity=Severity.RISKY,
    summary="the JSON body starts with white space",
    who_breaks="strict clients and sniffers that look at the first byte; a late error can't have its own status",
    hint="turn the server's white-space keep-alive off for plain requests, or stream",
    check=check,
)
