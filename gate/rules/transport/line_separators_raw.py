"""Characters inside of an event at which some readers end a line: U+2028, U+2029, U+0085 (T41)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.scopes import has_streams

# What https://docs.python.org/3/library/stdtypes.html#str.splitlines ends a line at, beside the line ends of SSE and
# the control characters, which JSON has as escapes only
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Raw in the bytes of a stream; as escapes they do no harm, and in a plain body nobody reads lines."""
    for pair, ((event, found), *_) in unseen(comparison, _raw):
        yield pair.drift(
            path="events",
            message=f"{found} comes raw inside of an event: readers that split lines at it get half an event",
            golden="no such character, or its escape",
            candidate=found,
            at=event,
        )


def _raw(observation: Observation) -> list[tuple[Event, str]]:
    """The events of a stream with such a character, and its name."""
    # most data is ASCII
    events = (event for event in observation.events if event.frame.data and not event.frame.data.isascii())
    return [(e, f"U+{ord(found[0]):04X}") for e in events if (found := _LINE_ENDS.search(e.frame.data or ""))]


RULE = Rule(
    id="line-separators-raw",
    area="transport",
    # T41: right by the specification; httpx.iter_lines and Node's readline split there all the same
    severity=Severity.RISKY,
    summary="a line separator of Unicode comes raw inside of an event",
    who_breaks="readers built on splitlines, httpx.iter_lines or Node's readline: the JSON of the event is cut in two",
    hint="escape U+0085, U+2028 and U+2029 in JSON, as most encoders do",
    check=check,
    where=has_streams,
)
