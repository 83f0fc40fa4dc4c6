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
)
