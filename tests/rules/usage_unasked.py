"""usage-unasked: a chunk without choices that was not requested."""

from __future__ import annotations

from tests.rules_table import HELLO, USAGE, Row, chunk, stream

LAST = chunk(choices=[], usage=USAGE)

CASES = (
    Row(
        "ST02: the gateway requests usage upstream by itself (entrius/gittensor 1750)",
        stream(*HELLO),
        stream(*HELLO, LAST),
        ("breaking choices",),
    ),
    Row(
        "usage beside the choices breaks no client",
        stream(*HELLO),
        stream(*HELLO[:-1], {**HELLO[-1], "usage": USAGE}),
    ),
    Row("ST02, benign twin: the golden has the frame", stream(*HELLO, LAST), stream(*HELLO, LAST)),
)
