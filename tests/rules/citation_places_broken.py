"""citation-places-broken: annotations whose indexes do not fit the text."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row, completion, plain

TEXT = "The tower is 330 m."
TALL = "\U0001f5fc is 330 m."  # 11 characters, of which the first takes two units of UTF-16


def note(start: Any, end: Any) -> dict[str, Any]:
    return {"type": "url_citation", "start_index": start, "end_index": end, "url": "https://example.org/", "title": "T"}


def said(*places: tuple[Any, Any], text: str = TEXT) -> Exchange:
    part = r.part(text, annotations=[note(*place) for place in places])
    return r.whole(r.response(r.message(content=[part])))


def told(*places: tuple[Any, Any]) -> Exchange:
    message = r.message(content=[r.part(TEXT, annotations=[note(*place) for place in places])])
    found = r.events(TEXT, output=[message])
    return r.told([{**event, "item": message} if event["type"].endswith("item.done") else event for event in found])


def chat(start: Any, end: Any) -> Exchange:
    flat = note(start, end)
    nested = {"type": flat.pop("type"), "url_citation": flat}
    return plain(completion({"content": TEXT, "annotations": [nested]}))


GOLD = said((0, 9))
ENDS, STARTS = ("risky annotations[].end_index",), ("risky annotations[].start_index",)

CASES = (
    Row("RS30: behind the text", GOLD, said((0, 9), (900, 950)), ENDS),
    Row("RS30: before the text", GOLD, said((-1, 9)), STARTS),
    Row("RS30: the end is before the start", GOLD, said((9, 4)), ENDS),
    Row("RS30: no place is known (OpenRouter's 0)", GOLD, said((0, 0), (0, 0)), ENDS),
    Row("RS30: in a stream", told((0, 9)), told((0, 900)), ENDS),
    Row("RS30: in chat", chat(0, 9), chat(0, 900), ENDS),
    Row("just the end of the text", GOLD, said((0, len(TEXT)))),
    Row("just behind it", GOLD, said((0, len(TEXT) + 1)), ("info annotations[].end_index",)),
    Row("just half of it is there", GOLD, said((10, len(TEXT) + 9)), ("info annotations[].end_index",)),
    Row("less than half of it", GOLD, said((10, len(TEXT) + 10)), ENDS),
    Row("the worst of several", GOLD, said((0, len(TEXT) + 1), (-1, 2)), STARTS),
    Row("in units of UTF-16", GOLD, said((0, 12), text=TALL)),
    Row("just behind that", GOLD, said((0, 13), text=TALL), ("info annotations[].end_index",)),
    Row("RS30, benign twin: another place", GOLD, said((4, 12))),
    Row("an empty place among others", GOLD, said((0, 0), (4, 9))),
    Row("the golden's are as wrong", said((0, 900)), said((-1, 2))),
    Row("the golden cites nothing", said(), said((0, 4))),
    Row(
        "places that are no numbers are field-type-changed's",
        GOLD,
        said((0, None)),
        (),
        ("risky field-null output[0].content[0].annotations[0].end_index",),
    ),
)
