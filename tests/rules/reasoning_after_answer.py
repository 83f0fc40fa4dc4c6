"""reasoning-after-answer: thoughts after the text has begun."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import ROLE, Row, chunk, stream


def flow(*parts: str) -> Exchange:
    """Deltas in order; those in brackets are reasoning, `a|b` is reasoning and text in one delta."""
    deltas = []
    for part in parts:
        thought, _, text = part.partition("|")
        deltas.append({"reasoning_content": thought, "content": text} if text else _one(part))
    return stream(ROLE, *map(chunk, deltas), chunk({}, "stop"))


def _one(part: str) -> dict[str, str]:
    return {"reasoning_content": part[1:-1]} if part.startswith("(") else {"content": part}


USUAL = flow("(I)", "(think)", "It", " is.")

CASES = (
    Row("all of it at the end", USUAL, flow("It", " is.", "(I)", "(think)"), ("risky choices[0].delta",)),
    Row("in turns", USUAL, flow("(I)", "It", "(think)", " is."), ("risky choices[0].delta",)),
    Row("a blank line first", USUAL, flow("\n\n", "(I)", "It is.")),
    Row(
        "text that is mirrored is reasoning-repeats-answer's",
        USUAL,
        flow("It|It", " is.| is."),
        (),
        ("risky reasoning-repeats-answer choices[0].message.reasoning_content",),
    ),
    Row("the golden alternates too", flow("(I)", "It", "(think)", " is."), flow("It", "(I)", " is.")),
    Row("no reasoning this time (B17)", USUAL, flow("It is.")),
)
