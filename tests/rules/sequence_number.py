"""sequence-number: gone, or not +1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.rules import _responses as r
from tests.rules_table import Row


def numbered(numbers: Sequence[int]) -> list[dict[str, Any]]:
    """A whole response with these numbers."""
    return [{**event, "sequence_number": n} for event, n in zip(r.events(), numbers, strict=True)]


BARE = [{key: value for key, value in event.items() if key != "sequence_number"} for event in r.events()]

CASES = (
    Row(
        "RS01: events that the gateway made up have none (OctaFuse/octafuse-gateway 162)",
        r.told(r.events()),
        r.told(BARE),
        ("breaking sequence_number",),
    ),
    Row(
        "RS03: a guardrail drops and merges events (ENTERPILOT/GoModel 953)",
        r.told(r.events()),
        r.told(numbered([0, 1, 2, 3, 4, 24, 54, 55, 56, 57])),
        ("risky sequence_number",),
    ),
    Row(
        "RS03: defaults of 0",
        r.told(r.events()),
        r.told(numbered([0, 1, 0, 0, 2, 3, 4, 5, 6, 7])),
        ("risky sequence_number",),
    ),
    Row("RS01, benign twin, B38: numbers that start elsewhere", r.told(r.events()), r.told(numbered(range(7, 17)))),
    Row(
        "RS03, benign twin: fewer events, contiguous",
        r.told(r.events()),
        r.told(r.without(["in_progress"], r.events())),
    ),
    Row("a golden without numbers", r.told(BARE), r.told(r.events())),
)
