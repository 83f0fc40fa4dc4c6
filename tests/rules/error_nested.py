"""error-nested: an error inside an error's message."""

from __future__ import annotations

from tests.rules_table import Row, refusal

NESTED = '[openai/gpt-5.4] [400]: {\n "error": {"message": "Unsupported parameter"}} (reset after 30s)'
ESCAPED = 'Provider error: {\\"error\\":{\\"code\\":400}}'

CASES = (
    Row(
        "ER20: the gateway prefixes and stringifies (decolua/9router 846)",
        refusal(400),
        refusal(400, message=NESTED),
        ("info error.message",),
    ),
    Row("ER20: escaped once more", refusal(400), refusal(400, message=ESCAPED), ("info error.message",)),
    Row(
        "ER20, benign twin: a request id after the words", refusal(400), refusal(400, message="No. (request id: req_1)")
    ),
    Row("the golden is nested too", refusal(400, message=NESTED), refusal(400, message=NESTED)),
)
