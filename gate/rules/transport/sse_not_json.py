"""What stands in an event stream and is not JSON: T11, T14, T18, T19, T31."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.transport._frames import Say, drifts

_JSON = "JSON in every data: line"
_SAYS = {
    "plain-text": Say("a data: line holds text, not JSON", _JSON),
    "broken-json": Say("a data: line holds broken JSON", _JSON),
    "prefix-doubled": Say("the prefix is doubled: data: data:", _JSON),
    "comment-in-data": Say("a comment (keep-alive) stands inside a data: line", _JSON),
    "bare-json": Say("a line of the stream has no data: before it, so that clients ignore it", "only SSE fields"),
    "lost-data": Say("a line is not quite data:, so that clients ignore it", "only SSE fields"),
    "unknown-line": Say("a line of the stream is no field that SSE knows", "only SSE fields", Severity.RISKY),
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """The sentinel is the only payload that is no JSON; what is no field at all is lost on every client."""
    golden, candidate = comparison.golden, comparison.candidate
    yield from drifts(golden, candidate, _SAYS)


RULE = Rule(
    id="sse-not-json",
    area="transport",
    severity=Severity.BREAKING,
    summary="the stream holds something that is neither JSON nor the sentinel",
    who_breaks="every SDK parses each data: line and raises; lines without a field name vanish silently",
    hint='send errors as data: {"error": {…}}; look for a gateway that wraps what is already wrapped',
    check=check,
)
