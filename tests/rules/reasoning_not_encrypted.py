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


def streamed(*sealed: str, final: str = "gAAAAAB") -> Exchange:
    """The item that output_item.done finishes has the first of these, if any; the response at the end the last."""
    item = {"type": "reasoning", "id": "rs_1", "summary": []}
    done = {**item, **({"encrypted_content": sealed[0]} if sealed else {})}
    events = r.events(output=[{**item, "encrypted_content": final}, r.message()])
    shown = [{**event, "output_index": 1} if "output_index" in event else event for event in events]
    thoughts = [{"type": f"response.output_item.{kind}", "output_index": 0, "item": done} for kind in ("added", "done")]
    return r.told(r.renumbered([*shown[:2], *thoughts, *shown[2:]]), ASK)


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
    Row(
        "RS19: only the last event has it: Codex takes the item that output_item.done finishes",
        streamed("gAAAAAB"),
        streamed(),
        ("breaking item.encrypted_content",),
    ),
    Row("in a golden stream the last event alone has it", streamed(), streamed()),
    Row("RS19, benign twin: another text", GOLDEN, thought(encrypted_content="gBBBBBC")),
    Row("it was not asked for", thought(r.ASK, encrypted_content="gAAAAAB"), thought(r.ASK)),
    Row("the golden has none", thought(), thought()),
)
