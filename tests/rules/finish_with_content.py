"""finish-with-content: the last token and the reason together."""

from __future__ import annotations

from tests.rules_table import HELLO, ROLE, Row, chunk, stream

BUNDLED = stream(ROLE, chunk({"content": "Hel"}), chunk({"content": "lo."}, "stop"))

CASES = (
    Row(
        "ST13: vLLM bundles the last token with the reason", stream(*HELLO), BUNDLED, ("info choices[0].finish_reason",)
    ),
    Row("the golden bundles too", BUNDLED, BUNDLED),
    Row("apart where the golden bundles", BUNDLED, stream(*HELLO)),
    Row("an empty string is no content", stream(*HELLO), stream(*HELLO[:3], chunk({"content": ""}, "stop"))),
)
