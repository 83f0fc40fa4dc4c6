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


def item_done(status: str, final: str = "completed", kind: str = "message") -> Exchange:
    """The one item ends with one status, and the response has it with the other."""
    said = r.message(status=final, type=kind)
    events = r.events(output=[said])
    return r.told([{**e, "item": {**said, "status": status}} if e["type"].endswith("item.done") else e for e in events])


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
        "RS22: an item is incomplete, the response is not",
        r.whole(r.response()),
        r.whole(r.response(r.message(status="incomplete"))),
        ("risky output[0].status",),
    ),
    Row(
        "RS22: the event that ends an item leaves it in progress",
        item_done("completed"),
        item_done("in_progress"),
        ("risky output[0].status",),
    ),
    Row("RS22, benign twin: the item ends as the response has it", item_done("completed"), item_done("completed")),
    Row("another item stands at its place", r.whole(r.response()), r.whole(r.response(r.message(id="msg_2")))),
    Row(
        "RS22: response.failed with the status in_progress",
        ended("failed", status="failed", error={"code": "server_error", "message": "It broke."}),
        ended("failed", status="in_progress", error={"code": "server_error", "message": "It broke."}),
        ("risky status",),
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
