"""empty-chunks: counted, where no golden has any."""

from __future__ import annotations

from tests.rules_table import HELLO, Row, chunk, stream

EMPTY = chunk({})

CASES = (
    Row(
        "issue 3: empty chunks, counted",
        stream(*HELLO),
        stream(*HELLO[:2], EMPTY, EMPTY, *HELLO[2:]),
        ("info choices[0].delta",),
    ),
    Row("B13: an empty delta before the finish", stream(*HELLO), stream(*HELLO[:3], chunk({"content": ""}), HELLO[3])),
    Row("B12: an empty first delta", stream(*HELLO), stream(chunk({"content": ""}), *HELLO)),
    Row(
        "the golden has some too",
        stream(*HELLO[:2], EMPTY, *HELLO[2:]),
        stream(*HELLO[:2], EMPTY, EMPTY, EMPTY, *HELLO[2:]),
    ),
)
