"""sse-not-json: text, doubled prefixes, comments in data, bare and broken JSON."""

from __future__ import annotations

from tests.rules_table import HELLO, ROLE, Row, chunk, rewritten, stream

CASES = (
    Row(
        "T18: an engine's error as plain text (EricLBuehler/mistral.rs 1874)",
        stream(*HELLO),
        stream(*HELLO[:2], b"data: error: boom\n\n", *HELLO[2:]),
        ("breaking frames",),
    ),
    Row(
        "T11: a gateway wraps the keep-alive comment in data (mnfst/llm-gateway 2053)",
        stream(*HELLO),
        stream(b"data: : OPENROUTER PROCESSING\n\n", *HELLO),
        ("breaking frames",),
    ),
    Row(
        "T14: what is SSE already is wrapped again (openclaw/openclaw 97474)",
        stream(*HELLO),
        rewritten(stream(*HELLO), b"data: ", b"data: data: "),
        ("breaking frames",),
    ),
    Row(
        "T31: one corrupted event in a complete stream",
        stream(*HELLO),
        stream(ROLE, b'data: {"choices":[{"delta":{"content":"x"}]\n\n', *HELLO[1:]),
        ("breaking frames",),
    ),
    Row(
        "T19: the error's JSON lacks the prefix data: (comet-ml/opik 1138)",
        stream(*HELLO),
        stream(*HELLO[:2], b'{"code":429,"message":"Resource has been exhausted"}\n\n', done=False),
        ("breaking frames",),
    ),
    Row(
        "a line that is not a field of SSE",
        stream(*HELLO),
        stream(*HELLO[:2], b"error: boom\n\n", *HELLO[2:]),
        ("risky frames",),
    ),
    Row(
        "T19's mechanism: an event under another name",
        stream(*HELLO),
        stream(ROLE, b'message: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"x"}}]}\n\n', *HELLO[1:]),
        ("breaking frames",),
    ),
    Row(
        "a gateway's own field",
        stream(*HELLO),
        stream(*HELLO[:2], b'cost: {"usd": 0.1}\n\n', *HELLO[2:]),
        ("risky frames",),
    ),
    Row("T18, benign twin: data: [DONE] is no JSON", stream(*HELLO, done=False), stream(*HELLO)),
    Row(
        "T14, benign twin: the text says data: ",
        stream(*HELLO),
        stream(ROLE, chunk({"content": "data: data: {}"}), chunk({}, "stop")),
    ),
    Row(
        "T11, benign twin: the text starts with a colon",
        stream(*HELLO),
        stream(ROLE, chunk({"content": ": x"}), HELLO[-1]),
    ),
    Row("T31, benign twin: white space and key order", stream(*HELLO), rewritten(stream(*HELLO), b'", "', b'" ,  "')),
)
