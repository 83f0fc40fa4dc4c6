"""Frames without data: `event: keepalive`, `retry:` or `id:` alone, an empty `data:` (T12, T13)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.transport._frames import Fault, Faults, drifts

_WITH_DATA = "every frame has data"
_FAULTS: Faults = {
    "dataless": Fault("a frame has fields but no data", _WITH_DATA),
    "comment-after-id": Fault("a comment with its own blank line follows frames with an id", _WITH_DATA),
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """SDKs dispatch such frames with an empty text, and then parse it."""
    return drifts(comparison, _FAULTS)


RULE = Rule(
    id="sse-frame-without-data",
    area="transport",
    severity=Severity.BREAKING,
    summary="a frame of the stream has no data",
    who_breaks="openai-python up to 2.37 calls json.loads on the empty text: JSONDecodeError",
    hint="send keep-alives as comments without a blank line after them, and no event:, id: or retry: on its own",
    check=check,
    where=has_streams,
    needs=("framing",),
)
