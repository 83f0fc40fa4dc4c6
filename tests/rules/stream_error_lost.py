"""stream-error-lost: a stream that fails without saying so."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import HELLO, Row, chunk, refusal, stream

WHY = {"message": "Rate limit reached.", "type": "requests", "param": None, "code": "rate_limit_exceeded"}
HALF = HELLO[:2]


def failed(*end: Any, done: bool = False) -> Exchange:
    return stream(*HALF, *end, done=done)


def responded(*end: Any) -> Exchange:
    return r.told(r.renumbered([*r.events()[:6], *end]))


FAILED = failed({"error": WHY})
WHOLE = r.events()[-1]
BROKE = {"type": "error", "code": "server_error", "message": "It broke.", "param": None}
LOST = {
    "type": "response.failed",
    "response": r.response(status="failed", output=[], error={"code": "server_error", "message": "It broke."}),
}

CASES = (
    Row("ER33: the error is dropped (after maximhq/bifrost 6419)", FAILED, failed(), ("breaking error",)),
    Row("ER33: [DONE] in its place", FAILED, failed(done=True), ("breaking error",)),
    Row("ER33: half an answer with a finish", FAILED, failed(chunk({}, "stop"), done=True), ("breaking error",)),
    Row(
        "ER33: a response, completed with half of its text",
        responded({"type": "error", "code": "server_error", "message": "It broke.", "param": None}),
        r.told([*r.events()[:6], *r.events()[-1:]]),
        ("breaking error",),
    ),
    Row(
        "an error event without response.failed (zyycn/codex-proxy-rs 90)",
        responded(BROKE, LOST),
        responded(BROKE),
        ("risky events.failed",),
    ),
    Row(
        "ER33, benign twin: response.failed alone",
        responded(BROKE, LOST),
        responded(LOST),
        (),
        ("risky stream-error error",),
    ),
    Row("the golden has the error event alone", responded(BROKE), responded(BROKE)),
    Row("an answer that goes on to its end", FAILED, stream(*HELLO), ("risky error",)),
    Row("ER33, benign twin: other words", FAILED, failed({"error": {**WHY, "message": "Slow down."}})),
    Row("a golden sample answers", [FAILED, stream(*HELLO)], stream(*HELLO)),
    Row("the failure is the status", FAILED, refusal(429), also=("breaking success-lost status",)),
    Row(
        "what can't be read may be the error",
        FAILED,
        failed(b"data: Rate limit reached.\n\n"),
        also=("breaking sse-not-json frames",),
    ),
)
