"""tool-signature-lost: opaque state that the next request must send back."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import ASK_TOOL, Row, call, completion, plain


def signed(value: str | None) -> dict[str, Any]:
    return call() if value is None else call(extra_content={"google": {"thought_signature": value}})


def called(*values: str | None) -> Exchange:
    many = [{**signed(value), "id": f"call_{i}"} for i, value in enumerate(values)]
    return plain(completion({"content": None, "tool_calls": many}, "tool_calls"), ASK_TOOL)


CASES = (
    Row(
        "TL23: the gateway drops Gemini's signature (Gitlawb/openclaude 76)",
        called("abc"),
        called(None),
        ("breaking choices[0].message.tool_calls[0].extra_content.google.thought_signature",),
    ),
    Row("TL23, benign twin: another value", called("abc"), called("def")),
    Row("Gemini signs only the first of parallel calls", called("abc", None), called("abc", None)),
    Row("the golden is not signed either", called(None), called(None)),
)
