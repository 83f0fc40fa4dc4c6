"""lifecycle-events-missing: the life of an item, with holes."""

from __future__ import annotations

from tests.rules import _responses as r
from tests.rules_table import Row

OPENING = (
    "in_progress",
    "output_item.added",
    "content_part.added",
    "output_text.delta",
    "content_part.done",
    "output_item.done",
)

CASES = (
    Row(
        "RS04: created, text.done, completed and nothing else (Sophomoresty/gemini-web2api 57)",
        r.told(r.events()),
        r.told(r.without(OPENING, r.events())),
        ("breaking message",),
    ),
    Row(
        "RS14: the deltas are never summed up (agentgateway 3326)",
        r.told(r.events()),
        r.told(r.without(("output_text.done", "content_part.done"), r.events())),
        ("risky message",),
    ),
    Row(
        "the stream opens without response.created",
        r.told(r.events()),
        r.told(r.without(("created",), r.events())),
        ("risky created",),
    ),
    Row(
        "RS14 on a route whose events have no output_index, as llama.cpp's",
        r.told([{k: v for k, v in e.items() if k != "output_index"} for e in r.events()]),
        r.told(
            [{k: v for k, v in e.items() if k != "output_index"} for e in r.without(("output_text.done",), r.events())]
        ),
        ("risky message",),
    ),
    Row("RS04, benign twin, B37: no in_progress", r.told(r.events()), r.told(r.without(("in_progress",), r.events()))),
    Row("B37: another number of deltas", r.told(r.events()), r.told(r.events("Good day to you."))),
    Row(
        "a golden sample that leaves them out as well",
        [r.told(r.events()), r.told(r.without(OPENING, r.events()))],
        r.told(r.without(OPENING, r.events())),
    ),
    Row(
        "RS04, benign twin: a golden sample opens without created as well",
        [r.told(r.events()), r.told(r.without(("created",), r.events()))],
        r.told(r.without(("created",), r.events())),
    ),
)
