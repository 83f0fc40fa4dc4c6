"""role-missing: no delta says who speaks."""

from __future__ import annotations

from tests.rules import _responses as r
from tests.rules_table import HELLO, Row, chunk, stream

BARE = (chunk({"content": "Hel"}), *HELLO[2:])

CASES = (
    Row(
        "ST07: the initial role delta is left out (langchain-litellm)",
        stream(*HELLO),
        stream(*BARE),
        ("breaking choices[0].delta.role",),
    ),
    Row(
        "ST07: null throughout",
        stream(*HELLO),
        stream(chunk({"role": None, "content": "Hi"}), HELLO[3]),
        ("breaking choices[0].delta.role",),
    ),
    Row(
        "ST07, benign twin (B11): with the first content",
        stream(*HELLO),
        stream(chunk({"role": "assistant", "content": "Hi"}), HELLO[3]),
    ),
    Row("the golden has none either", stream(*BARE), stream(*BARE)),
    Row(
        "events of a response have no role: llama.cpp 2026.10 sends no output_index, aimock and LiteLLM do",
        r.told([{k: v for k, v in e.items() if k != "output_index"} for e in r.events()]),
        r.told(r.events()),
    ),
)
