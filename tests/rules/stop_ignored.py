"""stop-ignored: the text goes on."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import ASK, HELLO, ROLE, Row, chunk, completion, plain, stream

ASKED = {**ASK, "stop": ["\nUser:"]}


def says(text: str) -> Exchange:
    """An answer to a request with a stop sequence."""
    return plain(completion({"content": text}), ASKED)


CASES = (
    Row(
        "the next turn of the template comes along",
        says("Hello."),
        says("Hello.\nUser: And then?"),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "the same in a stream, the sequence split over two chunks",
        stream(*HELLO, request=ASKED),
        stream(ROLE, chunk({"content": "Hi\nUs"}), chunk({"content": "er: x"}), chunk({}, "stop"), request=ASKED),
        ("breaking choices[0].message.content",),
    ),
    Row("another text that ends before it", says("Hello."), says("Good day.")),
    Row("a golden that returns the sequence", says("Hello.\nUser:"), says("Hi.\nUser:")),
)
