"""tool-call-in-one-block: buffered until it can be parsed."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK_TOOL, ROLE, Row, chunk, stream


def calling(*pieces: str) -> Exchange:
    """A stream with one call whose arguments come in these pieces."""

    def delta(place: int, text: str) -> dict[str, Any]:
        head = {"id": "call_1", "type": "function"} if place == 0 else {}
        name = {"name": "get_weather"} if place == 0 else {}
        return chunk({"tool_calls": [{"index": 0, **head, "function": {**name, "arguments": text}}]})

    return stream(ROLE, *(delta(i, p) for i, p in enumerate(pieces)), chunk({}, "tool_calls"), request=ASK_TOOL)


FRAGMENTS = calling("", '{"ci', 'ty": "', "Pa", 'ris"}')

WHOLE = calling('{"city": "Paris"}')
SEVEN = ('{"', "ci", "ty", '": ', '"Pa', "ris", '"}')

CASES = (
    Row(
        "LA05: the parser buffers while it looks for the end (mudler/LocalAI 10346)",
        FRAGMENTS,
        calling('{"city": "Paris"}'),
        ("info tool_calls",),
    ),
    Row(
        "LA05: a head, and then all arguments at once",
        calling("", *'{"city": "Paris"}'),
        calling("", '{"city": "Paris"}'),
        ("info tool_calls",),
    ),
    Row(
        "LA05, benign twin: a golden that always sends one block",
        calling('{"city": "Rome"}'),
        calling('{"city": "Paris"}'),
    ),
    Row("B10: fewer fragments", FRAGMENTS, calling("", '{"city": "Paris"}')),
    Row("just enough fragments", calling("", '{"ci', 'ty": "Pa', 'ris"}'), WHOLE, ("info tool_calls",)),
    Row("too few fragments", calling("", '{"city": "Pa', 'ris"}'), WHOLE),
    Row("just enough for two", calling("", *SEVEN), calling("", "".join(SEVEN)), ("info tool_calls",)),
    Row("too few for two", calling("", *SEVEN[:5], "".join(SEVEN[5:])), calling("", "".join(SEVEN))),
    Row("three are no block", calling("", *'{"city": "Paris"}'), calling("", '{"city": ', '"Paris"}')),
)
