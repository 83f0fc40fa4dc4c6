"""sse-line-long: lines beyond a reader's buffer."""

from __future__ import annotations

import json

from gate.model import Exchange
from tests.rules_table import ROLE, Row, chunk, stream

END = chunk({}, "stop")


def told(length: int) -> Exchange:
    """A stream whose longest line has this many bytes with its end."""
    empty = len(b"data: " + chunk_bytes("") + b"\n")
    return stream(ROLE, chunk({"content": "x" * (length - empty)}), END)


def chunk_bytes(text: str) -> bytes:
    return json.dumps(chunk({"content": text})).encode()


LONG = told(64 * 1024)

CASES = (
    Row("T45: a snapshot of 64 KiB (openai/openai-go 368)", told(900), LONG, ("risky frames",)),
    Row("T45, benign twin: just below", told(900), told(64 * 1024 - 1)),
    Row("the golden's lines are as long", LONG, told(100_000)),
    Row(
        "a comment: a reader takes the line before it knows that",
        told(900),
        stream(ROLE, b": " + b"x" * 64 * 1024 + b"\n\n", chunk({"content": "x"}), END),
        ("risky frames",),
    ),
    Row(
        "the id of an event",
        told(900),
        stream(ROLE, b"id: " + b"7" * 64 * 1024 + b"\ndata: " + chunk_bytes("x") + b"\n\n", END),
        ("risky frames",),
    ),
    Row(
        "benign twin: a comment just below",
        told(900),
        stream(ROLE, b": " + b"x" * (64 * 1024 - 4) + b"\n\n", chunk({"content": "x"}), END),
    ),
    Row(
        "benign twin: many lines in one event",
        told(900),
        stream(ROLE, (b": " + b"x" * 1000 + b"\n") * 70 + b"\n", chunk({"content": "x"}), END),
    ),
)
