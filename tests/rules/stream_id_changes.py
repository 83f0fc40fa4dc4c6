"""stream-id-changes: one id, one created, one model."""

from __future__ import annotations

from typing import Any

from tests.rules import _responses as r
from tests.rules_table import HELLO, Row, chunk, stream

PREAMBLE = chunk({}, id="cmpl-keepalive")
TICKING = (HELLO[0], chunk({"content": "Hi"}, created=1721172742), chunk({}, "stop", created=1721172743))
BRIEF, LONG = (1.0, 2.0, 300.0, 301.0, 302.0), (1.0, 2.0, 1300.0, 1301.0, 1302.0)
AZURE = {"id": "", "object": "", "created": 0, "model": "", "choices": [], "prompt_filter_results": []}

ENDS: tuple[tuple[str, dict[str, Any], tuple[str, ...]], ...] = (
    ("id", {"id": "resp_2"}, ("risky response.id",)),
    ("created_at", {"created_at": 1721172799}, ("info response.created_at",)),
    ("model", {"model": "m-2025"}, ("info response.model",)),
    ("the same time", {"created_at": 1721172741.0}, ()),
)

CASES = (
    Row("ST10: a keep-alive chunk with an id of its own", stream(*HELLO), stream(PREAMBLE, *HELLO), ("risky id",)),
    Row("ST17: created is the time of each chunk", stream(*HELLO), stream(*TICKING), ("info created",)),
    Row("ST17: and the golden had the time to show it", stream(*HELLO, at=LONG), stream(*TICKING), ("info created",)),
    Row("ST17, benign twin: a golden too short for a tick of the clock", stream(*HELLO, at=BRIEF), stream(*TICKING)),
    Row(
        "the model's name changes half-way",
        stream(*HELLO),
        stream(*HELLO[:3], chunk({}, "stop", model="other")),
        ("info model",),
        also=("risky model-changed model",),
    ),
    Row("ST10, benign twin: an empty delta with the same id", stream(*HELLO), stream(chunk({}), *HELLO)),
    Row(
        "ST17, benign twin: another created, constant in the stream",
        stream(*HELLO),
        stream(*(dict(c, created=1) for c in HELLO)),
    ),
    Row("Azure's first frame, in the golden too, has no id", stream(AZURE, *HELLO), stream(AZURE, *HELLO)),
    Row("the golden changes it too", stream(PREAMBLE, *HELLO), stream(PREAMBLE, *HELLO)),
    Row("ST17: a golden just too short", stream(*HELLO, at=(1.0, 2.0, 997.0, 998.0, 999.0)), stream(*TICKING)),
    Row(
        "ST17: just long enough",
        stream(*HELLO, at=(1.0, 2.0, 1007.0, 1008.0, 1009.0)),
        stream(*TICKING),
        ("info created",),
    ),
    *(
        Row(f"the events of a response: {key}", r.told(r.events()), r.told(r.events(**final)), fires)
        for key, final, fires in ENDS
    ),
)
