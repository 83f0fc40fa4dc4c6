"""done-missing: the sentinel."""

from __future__ import annotations

from tests.rules._responses import events, told
from tests.rules_table import HELLO, Row, rewritten, stream

END = b'"sequence_number": 9}\n\n'

CASES = (
    Row(
        "T05: Perplexity and Cerebras end without it (perplexityai/api-discussion 209)",
        stream(*HELLO),
        stream(*HELLO, done=False),
        ("risky [DONE]",),
    ),
    Row("the golden has none either", stream(*HELLO, done=False), stream(*HELLO, done=False)),
    Row("it comes where the golden has none", stream(*HELLO, done=False), stream(*HELLO)),
    Row(
        "B37: a gateway adds [DONE] to the Responses API",
        rewritten(told(events()), END, END + b"data: [DONE]\n\n"),
        told(events()),
    ),
    Row("one golden sample lacks it", (stream(*HELLO), stream(*HELLO, done=False)), stream(*HELLO, done=False)),
)
