"""terminal-event-differs: the end of a stream against its status."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row

CUT = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}


def ended(kind: str, **final: Any) -> Exchange:
    events = r.events(**final)
    events[-1]["type"] = f"response.{kind}"
    return r.told(events)


OPEN = r.message(status="in_progress")

CASES = (
    Row(
        "RS22: response.completed with the status incomplete (openclaw/openclaw 114202)",
        ended("incomplete", **CUT),
        ended("completed", **CUT),
        ("risky status",),
    ),
    Row(
        "RS22: an item stays in progress",
        r.whole(r.response()),
        r.whole(r.response(OPEN)),
        ("risky output[0].status",),
    ),
    Row(
        "RS22: completed, with a reason why it is not",
        r.whole(r.response(**CUT)),
        r.whole(r.response(**{**CUT, "status": "completed"})),
        ("risky status",),
    ),
    Row("RS22, benign twin: both say incomplete", ended("incomplete", **CUT), ended("incomplete", **CUT)),
    Row("the golden contradicts itself as well", ended("completed", **CUT), ended("completed", **CUT)),
    Row("a cut response may have an open item", r.whole(r.response(OPEN, **CUT)), r.whole(r.response(OPEN, **CUT))),
    Row(
        "RS22: response.completed with the status failed",
        ended("completed"),
        ended("completed", status="failed"),
        ("risky status",),
        ("breaking status-not-final status",),
    ),
)
