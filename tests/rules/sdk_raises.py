"""sdk-raises: an answer became an exception."""

from __future__ import annotations

from tests.rules_table import Row, raises, seen

CASES = (
    Row(
        "an empty event ends openai-node's loop with a SyntaxError (T32)",
        seen("stream"),
        raises("SyntaxError", "Error", call="stream", message="Unexpected end of JSON input"),
        ("breaking error",),
    ),
    Row("it raised before", raises("SyntaxError"), raises("SyntaxError")),
    Row("it returns now", raises("SyntaxError"), seen()),
)
