"""sdk-unhandled: an exception that no application can catch."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange
from tests.rules_table import Row, raises, seen


def replaced(exchange: Exchange) -> Exchange:
    """The same calls, which leave an exception to nobody."""
    left = (replace(seen, unhandled=("TypeError",)) for seen in exchange.transcripts)
    return replace(exchange, transcripts=tuple(left))


REJECTED = seen(unhandled=("APIConnectionError",))
CASES = (
    Row("a rejection beside the call ends a Node service", seen(), REJECTED, ("breaking unhandled",)),
    Row(
        "a task that nobody awaits, in one of two ways of calling",
        seen("create", "async"),
        seen("create", more=seen("async", unhandled=("httpx.ReadError",))),
        ("breaking async.unhandled",),
    ),
    Row(
        "beside the exception that the application does catch",
        raises("openai.APIError"),
        replaced(raises("openai.APIError")),
        ("breaking unhandled",),
    ),
    Row("it was before", REJECTED, REJECTED),
    Row(
        "another one",
        REJECTED,
        seen(unhandled=("APIConnectionError", "TypeError")),
        ("breaking unhandled",),
    ),
    Row("it is handled now", REJECTED, seen()),
)
