"""finish-reason-missing: streams and plain answers that do not say why they ended."""

from __future__ import annotations

from tests.rules_table import HELLO, ROLE, USAGE, Row, chunk, completion, plain, rewritten, stream

LAST = chunk({"content": "lo."})
TWO = chunk(choices=[{"index": 1, "delta": {"role": "assistant", "content": "b"}, "finish_reason": None}])

CASES = (
    Row(
        "ST11: null through [DONE] (Gemini proxies, a vLLM race)",
        stream(*HELLO),
        stream(*HELLO[:3], chunk({}, None)),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "ST12: from the last content straight to [DONE]",
        stream(*HELLO),
        stream(ROLE, LAST),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "one of two choices never finishes",
        stream(*HELLO),
        stream(*HELLO[:3], TWO, HELLO[3]),
        ("breaking choices[1].finish_reason",),
    ),
    Row(
        "the key is gone from a plain answer",
        plain(completion()),
        rewritten(plain(completion()), b', "finish_reason": "stop"', b""),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "null in a plain answer",
        plain(completion()),
        plain(completion(finish=None)),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "S18: exclude_none leaves the key out before the end",
        stream(*HELLO),
        rewritten(stream(*HELLO), b', "finish_reason": null', b""),
        ("info choices[0].finish_reason",),
    ),
    Row(
        "ST11, benign twin: the usage chunk after the finish has no choices",
        stream(*HELLO, chunk(choices=[], usage=USAGE)),
        stream(*HELLO, chunk(choices=[], usage=USAGE)),
    ),
    Row(
        "ST12, benign twin (ST13): inside the last content chunk",
        stream(*HELLO),
        stream(ROLE, chunk({"content": "Hi"}, "stop")),
    ),
    Row(
        "S18, benign twin: the golden leaves it out too",
        rewritten(stream(*HELLO), b', "finish_reason": null', b""),
        rewritten(stream(*HELLO), b', "finish_reason": null', b""),
    ),
    Row("the golden never says it either", stream(*HELLO[:3]), stream(*HELLO[:3])),
)
