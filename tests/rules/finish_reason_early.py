"""finish-reason-early: content after the finish."""

from __future__ import annotations

from tests.rules_table import HELLO, ROLE, USAGE, Row, chunk, stream

REPEATING = [chunk({"role": "assistant", "content": text}) for text in ("", "Hel", "lo.")]

CASES = (
    Row(
        "gcli2api: finish_reason stop on the first chunk, and the text after it",
        stream(*HELLO),
        stream(chunk({"role": "assistant", "content": ""}, "stop"), *HELLO[1:3]),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "stop on every chunk",
        stream(*HELLO),
        stream(ROLE, chunk({"content": "Hel"}, "stop"), chunk({"content": "lo."}, "stop")),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "the same on a route that repeats the role on every chunk, as Ollama does",
        stream(*REPEATING, chunk({"role": "assistant", "content": ""}, "stop")),
        stream(chunk({"role": "assistant", "content": ""}, "stop"), *REPEATING[1:]),
        ("breaking choices[0].finish_reason",),
    ),
    Row("B13: an empty delta after the finish", stream(*HELLO), stream(*HELLO, chunk({"content": ""}))),
    Row(
        "OpenRouter: usage beside an empty delta with a role, after the finish",
        stream(*HELLO, chunk({"role": "assistant", "content": ""}, usage=USAGE)),
        stream(*HELLO, chunk({"role": "assistant", "content": ""}, usage=USAGE)),
    ),
    Row(
        "n = 2: the other choice goes on",
        stream(*HELLO),
        stream(
            *HELLO,
            chunk(choices=[{"index": 1, "delta": {"role": "assistant", "content": "b"}, "finish_reason": None}]),
            chunk(choices=[{"index": 1, "delta": {}, "finish_reason": "stop"}]),
        ),
    ),
)
