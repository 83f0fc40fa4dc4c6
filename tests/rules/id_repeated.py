"""id-repeated: one id for every answer."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import HELLO, Row, completion, plain, stream


def answers(*ids: object, created: int = 1721172741) -> list[Exchange]:
    """An answer for each id, a second apart."""
    return [plain(completion(id=identity, created=created + n)) for n, identity in enumerate(ids)]


def streams(*ids: str) -> list[Exchange]:
    """The same, streamed; each says something else."""
    return [
        stream(*({**c, "id": identity, "created": 1721172741 + n} for c in HELLO)) for n, identity in enumerate(ids)
    ]


CASES = (
    Row("S02: a constant id (QwenLM/qwen-code 9884)", answers("a", "b", "c"), answers("x", "x", "x"), ("risky id",)),
    Row("S02: streamed", streams("a", "b"), streams("chat", "chat"), ("risky id",)),
    Row("S02, benign twin: another prefix and length", answers("a", "b"), answers("gen-1741", "gen-1742")),
    Row("one sample proves nothing", answers("a", "b"), answers("x")),
    Row("the golden repeats its id too", answers("a", "a"), answers("x", "x")),
    Row("a cache brings the same bytes again", answers("a", "b"), answers("x")[:1] * 2),
    Row("one answer of the golden proves nothing", answers("a"), answers("x", "x")),
)
