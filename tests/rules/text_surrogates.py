"""text-surrogates: halves of surrogate pairs."""

from __future__ import annotations

from tests.rules._written import flowing, said, thought, with_arguments
from tests.rules_table import Row

CASES = (
    Row(
        "Kohaku-Lab/KohakuTerrarium 48: half a pair in a delta",
        flowing("Hi", " there"),
        flowing("Hi", "\udcaf"),
        ("breaking choices[0].message.content",),
    ),
    Row("in a plain answer", said("a 👋"), said("a \ud83d b"), ("breaking choices[0].message.content",)),
    Row("in the reasoning", thought("Ja."), thought("J\ud83d."), ("breaking choices[0].message.reasoning_content",)),
    Row(
        "escaped within the arguments of a call",
        with_arguments("Paris"),
        with_arguments("Paris \ud83d"),
        ("breaking choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row(
        "elizaOS/eliza 30904: a pair in two deltas",
        flowing("Hi 👋"),
        flowing("Hi \ud83d", "\udc4b"),
        ("risky choices[0].message.content",),
    ),
    Row("a whole pair, escaped", said("Hi"), said("Hi 👋")),
    Row("the golden splits pairs too", flowing("\ud83d", "\udc4b"), flowing("Hi \ud83d", "\udc4b")),
)
