"""refusal-in-text: a refusal that passes for an answer."""

from __future__ import annotations

from tests.rules._responses import message, part, response, whole
from tests.rules._written import flowing
from tests.rules_table import ASK, Row, completion, plain

JSON = {**ASK, "response_format": {"type": "json_object"}}
REFUSED = plain(completion({"content": None, "refusal": "I can't help."}))
REFUSAL = {"type": "refusal", "refusal": "I can't help."}

CASES = (
    Row(
        "microsoft/agent-framework 7992: the same words as text",
        REFUSED,
        plain(completion({"content": "I can't help."})),
        ("risky choices[0].message.content",),
    ),
    Row(
        "in a stream",
        flowing("I ", "can't.", key="refusal"),
        flowing("I can't."),
        ("risky choices[0].message.content",),
    ),
    Row(
        "other words where JSON is asked for",
        plain(completion({"content": None, "refusal": "No."}), JSON),
        plain(completion({"content": "Sorry, no."}), JSON),
        ("risky choices[0].message.content",),
    ),
    Row(
        "in a response",
        whole(response(message(content=[REFUSAL]))),
        whole(response(message(content=[part("I can't help.")]))),
        ("risky output",),
    ),
    Row("the candidate complies", REFUSED, plain(completion())),
    Row(
        "the candidate complies with JSON",
        plain(completion({"content": None, "refusal": "No."}), JSON),
        plain(completion({"content": "{}"}), JSON),
    ),
    Row("both refuse", REFUSED, plain(completion({"content": None, "refusal": "No."}))),
)
