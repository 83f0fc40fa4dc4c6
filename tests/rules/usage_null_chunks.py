"""usage-null-chunks: a key whose value is null."""

from __future__ import annotations

from tests.rules_table import ASK_USAGE, HELLO, USAGE, Row, chunk, stream

LAST = chunk(choices=[], usage=USAGE)
BARE = stream(*HELLO, LAST, request=ASK_USAGE)
NULLS = stream(*({**c, "usage": None} for c in HELLO), LAST, request=ASK_USAGE)

CASES = (
    Row("US03: the key appears (router-for-me/CLIProxyAPI 3221)", BARE, NULLS, ("info usage",)),
    Row("US03: the key disappears", NULLS, BARE, ("info usage",)),
    Row("golden samples with and without the key", [BARE, NULLS], NULLS),
    Row("B23: both have it", NULLS, NULLS),
)
