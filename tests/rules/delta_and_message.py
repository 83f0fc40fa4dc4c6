"""delta-and-message: both forms in one choice."""

from __future__ import annotations

from tests.rules_table import ROLE, Row, chunk, completion, plain, stream

TOP = {"index": 0, "finish_reason": None, "delta": {"content": "lo."}}
START = (ROLE, chunk({"content": "Hel"}))
END = chunk({}, "stop")
GOLDEN = stream(*START, chunk({"content": "lo."}), END)
BOTH = stream(*START, chunk(choices=[{**TOP, "message": {"role": "assistant", "content": "Hello."}}]), END)
PLAIN = completion()["choices"][0]

CASES = (
    Row(
        "S42: each chunk has the message so far (maximhq/bifrost 6427)", GOLDEN, BOTH, ("breaking choices[0].message",)
    ),
    Row(
        "S42: a plain answer with a delta",
        plain(completion()),
        plain(completion(choices=[{**PLAIN, "delta": {"content": "Hello."}}])),
        ("risky choices[0].delta",),
    ),
    Row(
        "an empty message (docs/clients.md: openai-node's helper raises)",
        GOLDEN,
        stream(*START, chunk(choices=[{**TOP, "message": {}}]), END),
        ("breaking choices[0].message",),
    ),
    Row(
        "null",
        GOLDEN,
        stream(*START, chunk(choices=[{**TOP, "message": None}]), END),
        ("breaking choices[0].message",),
    ),
    Row(
        "S42, benign twin: an empty delta in a plain answer",
        plain(completion()),
        plain(completion(choices=[{**PLAIN, "delta": {}}])),
    ),
    Row(
        "a null member of the engine's own", GOLDEN, stream(*START, chunk(choices=[{**TOP, "stop_reason": None}]), END)
    ),
    Row("the golden has both", BOTH, BOTH),
)
