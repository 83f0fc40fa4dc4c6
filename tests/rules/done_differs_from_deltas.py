"""done-differs-from-deltas: two versions of one text."""

from __future__ import annotations

from tests.rules import _responses as r
from tests.rules_table import Row

DRIFTING = [{**e, "text": "Hell"} if e["type"] == "response.output_text.done" else e for e in r.events()]

CASES = (
    Row(
        "RS15: stop trimming reaches one view only (Blaizzy/mlx-vlm 1069)",
        r.told(r.events()),
        r.told(DRIFTING),
        ("risky response.output_text.done.text",),
    ),
    Row(
        "RS15: a guardrail edits the completed response (ENTERPILOT/GoModel 953)",
        r.told(r.events()),
        r.told(r.events(output=[r.message("I can't say.")])),
        ("risky response.output[].output_text",),
    ),
    Row("RS15, benign twin: the golden does it as well", r.told(DRIFTING), r.told(DRIFTING)),
    Row("RS14, benign twin: equal texts", r.told(r.events()), r.told(r.events("Good day."))),
)
