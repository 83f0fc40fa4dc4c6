"""base64-ignored: the encoding of vectors."""

from __future__ import annotations

from tests.rules.vector_length import b64
from tests.rules_table import Row, embedded

NUMBERS, TEXT = [0.6, 0.8], b64(0.6, 0.8)
FIRES = ("breaking data[0].embedding",)

CASES = (
    Row(
        "EM01: base64 was requested (BerriAI/litellm 42426)",
        embedded(TEXT, encoding_format="base64"),
        embedded(NUMBERS, encoding_format="base64"),
        FIRES,
    ),
    Row("EM01, the reverse", embedded(NUMBERS), embedded(TEXT), FIRES),
    Row(
        "EM01: one item of a batch, from another worker",
        embedded(TEXT, TEXT, ask=["a", "b"]),
        embedded(TEXT, NUMBERS, ask=["a", "b"]),
        ("breaking data[1].embedding",),
    ),
    Row(
        "EM01, benign twin: floats were requested",
        embedded(NUMBERS, encoding_format="float"),
        embedded([0.8, 0.6], encoding_format="float"),
    ),
    Row(
        "the golden ignores encoding_format too",
        embedded(NUMBERS, encoding_format="base64"),
        embedded(NUMBERS, encoding_format="base64"),
    ),
)
