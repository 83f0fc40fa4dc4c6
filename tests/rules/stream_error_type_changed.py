"""stream-error-type-changed: the type of an error in a stream."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import HELLO, Row, stream

ERROR = {"message": "Rate limit reached", "type": "requests", "param": None, "code": "rate_limit_exceeded"}


def broken(**changes: Any) -> Exchange:
    return stream(*HELLO[:2], {"error": {**ERROR, **changes}}, done=False)


CASES = (
    Row("ER31: another type (maximhq/bifrost 6419)", broken(), broken(type="server_error"), ("risky error.type",)),
    Row("ER31: null in its place", broken(), broken(type=None), ("risky error.type",)),
    Row("ER31, benign twin: another message", broken(), broken(message="Too many requests")),
    Row("ER01: the golden has none", broken(type=None), broken(type="server_error")),
    Row("no error at all", stream(*HELLO), stream(*HELLO)),
    Row("an answer in place of the error", broken(), stream(*HELLO), also=("risky stream-error-lost error",)),
)
