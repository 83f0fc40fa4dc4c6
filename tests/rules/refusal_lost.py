"""refusal-lost: a refusal that no field has."""

from __future__ import annotations

from tests.rules._responses import message, response, whole
from tests.rules._written import flowing
from tests.rules_table import Row, completion, plain

REFUSED = plain(completion({"content": None, "refusal": "I can't help."}))
NOTHING = plain(completion({"content": None, "refusal": None}))
REFUSAL = {"type": "refusal", "refusal": "I can't help."}

CASES = (
    Row("openclaw/openclaw 102321: the field is dropped", REFUSED, NOTHING, ("breaking choices[0].message.content",)),
    Row("in a stream", flowing("I ", "can't.", key="refusal"), flowing(""), ("breaking choices[0].message.content",)),
    Row(
        "in a response",
        whole(response(message(content=[REFUSAL]))),
        whole(response(message(content=[]))),
        ("breaking output",),
    ),
    Row("the candidate answers", REFUSED, plain(completion())),
    Row("a filter held it back", REFUSED, plain(completion({"content": None}, "content_filter"))),
    Row("one golden sample answers", [REFUSED, plain(completion())], NOTHING),
)
