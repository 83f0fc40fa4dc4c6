"""head-field-lost: system_fingerprint and service_tier, always there and always gone."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules._responses import events, renumbered
from tests.rules._responses import told as responded
from tests.rules_table import ASK, HELLO, Row, completion, plain, stream

PRINT = {"system_fingerprint": "fp_b8bc95a0ac"}
TIER = {"service_tier": "default"}
FLEX = {**ASK, "service_tier": "flex"}


def answer(*heads: dict[str, Any]) -> Exchange:
    return plain(completion(**{key: value for head in heads for key, value in head.items()}))


def streamed(**head: Any) -> Exchange:
    return stream(*({**chunk, **head} for chunk in HELLO))


def response(**head: Any) -> Exchange:
    """A streamed response whose object has these members in each event."""
    docs = [{**doc, "response": {**doc["response"], **head}} if "response" in doc else doc for doc in events()]
    return responded(renumbered(docs))


CASES = (
    Row(
        "S38: the gateway builds the answer anew (livekit/agents 5341 bills by the tier)",
        answer(PRINT, TIER),
        answer(),
        ("info system_fingerprint", "info service_tier"),
    ),
    Row("in a stream", streamed(**PRINT), streamed(), ("info system_fingerprint",)),
    Row("null in every answer", answer(PRINT), answer({"system_fingerprint": None}), ("info system_fingerprint",)),
    Row("in a response's events", response(**TIER), response(), ("info response.service_tier",)),
    Row(
        "who asked for a tier pays by it (BerriAI/litellm 30558)",
        plain(completion(service_tier="flex"), FLEX),
        plain(completion(), FLEX),
        ("risky service_tier",),
    ),
    Row("S38, benign twin, B03: another fingerprint", answer(PRINT), answer({"system_fingerprint": "fp_2"})),
    Row("B18: another tier that the API knows", answer(TIER), answer({"service_tier": "flex"})),
    Row("B03: now there, now gone, in the golden", [answer(PRINT), answer()], answer()),
    Row("B03: now there, now gone, in the candidate", answer(PRINT), [answer(), answer(PRINT)]),
    Row("B03: new in the candidate", answer(), answer(PRINT)),
)
