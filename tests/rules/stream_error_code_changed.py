"""stream-error-code-changed: the code of an error in a stream."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import HELLO, Row, stream

ERROR = {"message": "Rate limit reached", "type": "requests", "param": None, "code": "rate_limit_exceeded"}


def broken(**changes: Any) -> Exchange:
    return stream(*HELLO[:2], {"error": {**ERROR, **changes}}, done=False)


def failed(**error: Any) -> Exchange:
    """A response that fails; its error stands in the event of the API."""
    start = r.events()[:1]
    end = r.response(status="failed", output=[], usage=None)
    events = [*start, {"type": "response.failed", "response": end}, {"type": "error", "message": "No.", **error}]
    return r.told(r.renumbered(events))


CASES = (
    Row("ER31: another code (maximhq/bifrost 6419)", broken(), broken(code="overloaded"), ("risky error.code",)),
    Row("ER31: null in its place", broken(), broken(code=None), ("risky error.code",)),
    Row(
        "ER31: the event of the API", failed(code="content_filter"), failed(code="server_error"), ("risky error.code",)
    ),
    Row("ER31, benign twin: another message", broken(), broken(message="Too many requests")),
    Row("ER01: the golden has none", broken(code=None), broken(code="overloaded")),
    Row("no error at all", stream(*HELLO), stream(*HELLO)),
    Row("an answer in place of the error", broken(), stream(*HELLO), also=("risky stream-error-lost error",)),
)
