"""Content of an event stream that is not JSON: T11, T14, T18, T19, T31."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.transport._frames import Fault, Faults, drifts

_JSON = "JSON in every data: line"
_FAULTS: Faults = {
    "plain-text": Fault("a data: line holds text, not JSON", _JSON),
    "broken-json": Fault("a data: line holds broken JSON", _JSON),
    "prefix-doubled": Fault("the prefix is doubled: data: data:", _JSON),
    "comment-in-data": Fault("a data: line holds a comment (keep-alive)", _JSON),
    "bare-json": Fault("a line of the stream lacks the prefix data:, so that clients ignore it", "only SSE fields"),
    "lost-data": Fault("a line has a malformed data: prefix, so that clients ignore it", "only SSE fields"),
    # risky, because it may be a gateway's own field (a row) that carries nothing of the answer
    "unknown-line": Fault("a line of the stream is not a field of SSE", "only SSE fields", Severity.RISKY),
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """The sentinel is the only payload that is not JSON; every client ignores a line that is not a field of SSE."""
    return drifts(comparison, _FAULTS)


RULE = Rule(
    id="sse-not-json",
    area="transport",
    # T11, T14, T18, T19, T31: SDKs raise at the line, or lose what it holds
    severity=Severity.BREAKING,
    summary="the stream has content that is neither JSON nor the sentinel",
    who_breaks="every SDK parses each data: line and raises; lines without a field name vanish silently",
    hint='send errors as data: {"error": {…}}; look for a gateway that wraps what is already wrapped',
    check=check,
    where=has_streams,
)
