"""lifecycle-events-missing: the life of an item, with holes."""

from __future__ import annotations

import json
from typing import Any

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


def unplaced(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events as llama.cpp sends them."""
    return [{key: value for key, value in event.items() if key != "output_index"} for event in found]


PLACELESS = ("breaking field-missing output_index",)


def refused() -> list[dict[str, Any]]:
    """A refusal, in the events of an answer."""
    part = {"type": "refusal", "refusal": "No, sorry."}
    message = r.message(content=[part])
    words = json.dumps(r.events("No, sorry.", output=[message])).replace("output_text.", "refusal.")
    events = [{**e, "part": part} if "part" in e else e for e in json.loads(words)]
    renamed = [
        {**{k: v for k, v in e.items() if k != "text"}, "refusal": e["text"]} if "text" in e else e for e in events
    ]
    opened = [{**e, "part": {**part, "refusal": ""}} if e["type"].endswith("part.added") else e for e in renamed]
    return [{**e, "item": message} if e["type"] == "response.output_item.done" else e for e in opened]


def calling() -> list[dict[str, Any]]:
    """A response that calls a tool."""
    place = {"item_id": "fc_1", "output_index": 0}
    call = r.function_call()
    first, *_, last = r.events(output=[call])
    return r.renumbered(
        [
            first,
            {
                "type": "response.output_item.added",
                "output_index": 0,
                "item": r.function_call(arguments="", status="in_progress"),
            },
            {"type": "response.function_call_arguments.delta", **place, "delta": call["arguments"]},
            {"type": "response.function_call_arguments.done", **place, "arguments": call["arguments"]},
            {"type": "response.output_item.done", "output_index": 0, "item": call},
            last,
        ]
    )


NOTE = {"type": "url_citation", "start_index": 0, "end_index": 5, "url": "https://example.org/a", "title": "A"}


def cited(*, told: bool = True) -> list[dict[str, Any]]:
    """A text with a source, which the events tell of or not."""
    message = r.message(content=[r.part(annotations=[NOTE])])
    found = [{**e, "item": message} if e["type"].endswith("item.done") else e for e in r.events(output=[message])]
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0, "annotation_index": 0}
    note = {"type": "response.output_text.annotation.added", **place, "annotation": NOTE}
    return r.renumbered([*found[:6], *([note] if told else []), *found[6:]])


def searching(*signs: str) -> list[dict[str, Any]]:
    """A search before the answer, with these signs of its progress."""
    item = {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search", "query": "q"}}
    place = {"item_id": "ws_1", "output_index": 1}
    progress = [{"type": f"response.web_search_call.{sign}", **place} for sign in signs]
    first, *rest, last = r.events(output=[r.message(), item])
    added = {"type": "response.output_item.added", "output_index": 1, "item": {**item, "status": "in_progress"}}
    done = {"type": "response.output_item.done", "output_index": 1, "item": item}
    return r.renumbered([first, *rest, added, *progress, done, last])


SIGNS = ("in_progress", "searching", "completed")

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
    Row(
        "all events are there, as llama.cpp 2026.10 sends them, behind a golden that numbers its items",
        r.told(r.events()),
        r.told(unplaced(r.events())),
        also=PLACELESS,
    ),
    Row(
        "and one is not",
        r.told(r.events()),
        r.told(unplaced(r.without(("content_part.added",), r.events()))),
        ("breaking message",),
        also=PLACELESS,
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
    Row("the golden answers, the candidate refuses", r.told(r.events()), r.told(refused())),
    Row("the golden refuses, the candidate answers", r.told(refused()), r.told(r.events())),
    Row(
        "RS14: the arguments of a call are never summed up, on a route whose events have no output_index",
        r.told(unplaced(calling())),
        r.told(unplaced(r.without(("function_call_arguments.done",), calling()))),
        ("risky function_call",),
    ),
    Row(
        "RS14: a refusal is never summed up, on a route whose events have no output_index",
        r.told(unplaced(refused())),
        r.told(unplaced(r.without(("refusal.done",), refused()))),
        ("risky message",),
    ),
    Row(
        "RS21: sources come with the finished item alone (BerriAI/litellm 14140)",
        r.told(cited()),
        r.told(cited(told=False)),
        ("risky message",),
    ),
    Row(
        "RS21, benign twin: no sources at all are the model's choice",
        r.told(cited()),
        r.told(r.events()),
        (),
        ("risky citations-lost output[].content[].annotations",),
    ),
    Row(
        "nobody misses a sign of work that does not come",
        r.told(searching(*SIGNS)),
        r.told(searching("in_progress", "completed")),
        ("info web_search_call",),
    ),
    Row(
        "a sign of work that never goes away",
        r.told(searching(*SIGNS)),
        r.told(searching("in_progress", "searching")),
        ("risky web_search_call",),
    ),
    Row("a sign more", r.told(searching("in_progress", "completed")), r.told(searching(*SIGNS))),
)
