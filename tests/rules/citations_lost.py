"""citations-lost: citations of a text."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row, completion, plain

NOTE = {"type": "url_citation", "start_index": 0, "end_index": 5, "url": "https://example.org/a", "title": "A"}


def cited(*notes: Any) -> Exchange:
    return r.whole(r.response(r.message(content=[r.part(annotations=list(notes))])))


def chatted(*notes: Any) -> Exchange:
    return plain(completion({"annotations": list(notes)}))


CHAT = {"type": "url_citation", "url_citation": {"url": "https://example.org/a", "title": "A"}}

CASES = (
    Row(
        "RS21: annotations are empty (theopenco/llmgateway 2992)",
        cited(NOTE),
        cited(),
        ("risky output[].content[].annotations",),
    ),
    Row("RS21: in chat", chatted(CHAT), chatted(), ("risky choices[0].message.annotations",)),
    Row("RS21, benign twin: another source", cited(NOTE), cited({**NOTE, "url": "https://example.org/b"})),
    Row(
        "an answer that only calls a function has no text to cite for",
        r.whole(r.response(r.message(content=[r.part(annotations=[NOTE])]), r.function_call())),
        r.whole(r.response(r.function_call())),
    ),
    Row("a golden sample cites nothing", [cited(NOTE), cited()], cited()),
    Row("citations that only the candidate has", cited(), cited(NOTE)),
    Row(
        "RS21's kin: an address that is empty",
        cited(NOTE),
        cited({**NOTE, "url": ""}),
        also=("risky value-empty output[0].content[0].annotations[0].url",),
    ),
    Row(
        "RS21's kin: a note without its type",
        cited(NOTE),
        cited({key: value for key, value in NOTE.items() if key != "type"}),
        also=("risky field-missing output[0].content[0].annotations[0].type",),
    ),
)
