"""error-member-empty: `"error": {}` beside an answer."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import HELLO, Row, completion, plain, refusal, stream


def answered(error: Any) -> Exchange:
    return plain(completion(error=error))


def told(error: Any) -> Exchange:
    return stream(*({**chunk, "error": error} for chunk in HELLO))


GOLD = plain(completion())

CASES = (
    Row("ER35: an object without members", GOLD, answered({}), ("risky error",)),
    Row("ER35: an empty list", GOLD, answered([]), ("risky error",)),
    Row("ER35: in each chunk, on which openai-node throws", stream(*HELLO), told({}), ("breaking error",)),
    Row("ER35: null in each chunk, on which the AI SDK ends", stream(*HELLO), told(None), ("breaking error",)),
    Row("ER35: an empty text in each chunk", stream(*HELLO), told(""), ("breaking error",)),
    Row("the golden's chunks have null", told(None), told(None)),
    Row("null in each event of a response", r.told(r.events()), r.told(r.events(error=None))),
    Row("ER35: a response", r.whole(r.response()), r.whole(r.response(error={})), ("risky error",)),
    Row("ER35: a streamed response", r.told(r.events()), r.told(r.events(error={})), ("risky error",)),
    Row("ER35, benign twin: null", GOLD, answered(None)),
    Row("an empty text is false in every language", GOLD, answered("")),
    Row("so is 0", GOLD, answered(0)),
    Row("the golden's is empty, too", answered({}), answered({})),
    Row(
        "an error with members is error-in-200's",
        GOLD,
        answered({"message": "x"}),
        also=("breaking error-in-200 error",),
    ),
    Row(
        "a failure",
        refusal(400),
        plain({"error": {}}, status=400),
        also=("breaking error-envelope error.message", "risky error-type-changed error.type"),
    ),
)
