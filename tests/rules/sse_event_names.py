"""sse-event-names: event: lines."""

from __future__ import annotations

import json
from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import HELLO, Row, stream


def named(*docs: Any, name: str = "") -> Exchange:
    """A stream whose frames have this name, or their own type."""
    frames = (f"event: {name or d['type']}\ndata: {json.dumps(d)}\n\n".encode() for d in docs)
    return stream(*frames, request=r.ASK, done=False, url=r.URL)


def chat(name: str) -> Exchange:
    """A chat stream whose frames have this name."""
    return stream(*(f"event: {name}\ndata: {json.dumps(d)}\n\n".encode() for d in HELLO))


EVENTS = r.events()

CASES = (
    Row("event: lines are dropped from a response", named(*EVENTS), r.told(EVENTS), ("risky frames",)),
    Row("all events get one name", named(*EVENTS), named(*EVENTS, name="response"), ("risky frames",)),
    Row("chat chunks get a name, which openai-python wraps", stream(*HELLO), chat("completion"), ("risky frames",)),
    Row("T12, benign twin: message is the default", stream(*HELLO), chat("message")),
    Row(
        "an event that the golden had no occasion to send",
        named(*r.without(["in_progress"], EVENTS)),
        named(*EVENTS),
    ),
    Row("names come, each its event's type", r.told(EVENTS), r.told(EVENTS)),
    Row("the golden has no names either", stream(*HELLO), stream(*HELLO)),
)
