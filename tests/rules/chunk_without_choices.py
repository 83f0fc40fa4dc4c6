"""chunk-without-choices: Azure's first frame, and filter results in mid-stream."""

from __future__ import annotations

from tests.rules_table import ASK_USAGE, HELLO, USAGE, Row, chunk, stream

AZURE = {
    "id": "", "object": "", "created": 0, "model": "", "choices": [],
    "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}],
}  # fmt: skip
TAIL = chunk(choices=[], usage=USAGE)
BARE = chunk(choices=[])

CASES = (
    Row(
        "ST01: Azure's prompt_filter_results frame (simonw/llm, langfuse)",
        stream(*HELLO),
        stream(AZURE, *HELLO),
        ("breaking choices",),
        also=("breaking object-wrong object",),
    ),
    Row(
        "a chunk without choices in mid-stream",
        stream(*HELLO),
        stream(*HELLO[:2], BARE, *HELLO[2:]),
        ("breaking choices",),
    ),
    Row(
        "the same where the golden's usage chunk has none",
        stream(*HELLO, TAIL, request=ASK_USAGE),
        stream(*HELLO[:2], BARE, *HELLO[2:], TAIL, request=ASK_USAGE),
        ("risky choices",),
    ),
    Row("ST01, benign twin: the golden is Azure already", stream(AZURE, *HELLO), stream(AZURE, *HELLO)),
    Row(
        "ST01, benign twin: empty choices with usage at the end",
        stream(*HELLO, TAIL, request=ASK_USAGE),
        stream(*HELLO, TAIL, request=ASK_USAGE),
    ),
    Row(
        "ST01, benign twin: a filter result in mid-stream, in the golden too",
        stream(*HELLO[:2], chunk(choices=[]), *HELLO[2:]),
        stream(*HELLO[:3], chunk(choices=[]), *HELLO[3:]),
    ),
)
