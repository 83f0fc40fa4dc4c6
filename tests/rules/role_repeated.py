"""role-repeated: the role with every delta."""

from __future__ import annotations

from tests.rules_table import HELLO, Row, chunk, stream

EVERY = stream(HELLO[0], *(chunk({"role": "assistant", "content": t}) for t in ("Hel", "lo.")), HELLO[3])

CASES = (
    Row(
        "ST08: Ollama and OpenRouter repeat it (248 of 277 streams)",
        stream(*HELLO),
        EVERY,
        ("info choices[0].delta.role",),
    ),
    Row(
        "ST08, benign twin: once more on the finish chunk",
        stream(*HELLO),
        stream(*HELLO[:3], chunk({"role": "assistant"}, "stop")),
    ),
    Row("the golden repeats it too", EVERY, EVERY),
    Row("once where the golden repeats it", EVERY, stream(*HELLO)),
)
