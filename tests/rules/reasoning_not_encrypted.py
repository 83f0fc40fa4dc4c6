"""reasoning-not-encrypted: encrypted reasoning that was asked for."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row

ASK = {**r.ASK, "store": False, "include": ["reasoning.encrypted_content"]}


def thought(request: Any = ASK, **item: Any) -> Exchange:
    reasoning = {"type": "reasoning", "id": "rs_1", "summary": [], **item}
    return r.whole(r.response(reasoning, r.message()), request)


GOLDEN = thought(encrypted_content="gAAAAAB")

CASES = (
    Row("RS19: it is not there (BerriAI/litellm 36197)", GOLDEN, thought(), ("breaking output[].encrypted_content",)),
    Row("RS19: null", GOLDEN, thought(encrypted_content=None), ("breaking output[].encrypted_content",)),
    Row(
        "RS19: no reasoning item at all",
        GOLDEN,
        r.whole(r.response(), ASK),
        ("breaking output[].encrypted_content",),
    ),
    Row("RS19, benign twin: another text", GOLDEN, thought(encrypted_content="gBBBBBC")),
    Row("it was not asked for", thought(r.ASK, encrypted_content="gAAAAAB"), thought(r.ASK)),
    Row("the golden has none", thought(), thought()),
)
