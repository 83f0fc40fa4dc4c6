"""sdk-events-changed: other stream events."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import Row, raises, seen


def streamed(**events: int) -> Exchange:
    """A stream whose events were counted."""
    return seen("helper", events={kind.replace("__", "."): count for kind, count in events.items()})


CASES = (
    Row("a kind is gone", streamed(chunk=3, content__delta=2), streamed(chunk=3), ("risky events.content.delta",)),
    Row("a kind is new", streamed(chunk=3), streamed(chunk=3, content__done=1), ("info events.content.done",)),
    Row("more of one kind", streamed(chunk=3), streamed(chunk=4), ("info events.chunk",)),
    Row("the same events", streamed(chunk=3), streamed(chunk=3)),
    Row(
        "the stream raises",
        streamed(chunk=3),
        raises("openai.APIError", call="helper"),
        (),
        ("breaking sdk-raises error",),
    ),
)
