"""usage-unasked: a chunk without choices that nobody wanted."""

from __future__ import annotations

from tests.rules_table import HELLO, USAGE, Row, chunk, stream

LAST = chunk(choices=[], usage=USAGE)

CASES = (
    Row(
        "ST02: the gateway asks upstream on its own account (entrius/gittensor 1750)",
        stream(*HELLO),
        stream(*HELLO, LAST),
        ("breaking choices",),
    ),
    Row(
        "usage beside the choices hurts nobody",
        stream(*HELLO),
        stream(*HELLO[:-1], {**HELLO[-1], "usage": USAGE}),
    ),
    Row("ST02, benign twin: the golden has the frame", stream(*HELLO, LAST), stream(*HELLO, LAST)),
)
