"""error-param-changed: which parameter the error names."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import Row, refusal


def at(param: Any, status: int = 400) -> Exchange:
    error = {"message": "No.", "type": "invalid_request_error", "param": param, "code": None}
    return refusal(status, body={"error": error})


CASES = (
    Row("ER20: the gateway drops it", at("messages[0].content"), at(None), ("info error.param",)),
    Row("another name", at("max_tokens"), at("max_completion_tokens"), ("info error.param",)),
    Row("not a text", at("max_tokens"), at({"loc": ["body"]}), ("risky error.param",)),
    Row(
        "ER25: lost together with the status",
        at("messages"),
        at(None, 500),
        ("info error.param",),
        ("breaking client-error-as-server-error status",),
    ),
    Row("a null in words becomes a name", at("None"), at("max_tokens")),
    Row("some golden failures have none", [at("max_tokens"), at(None, 401)], at(None, 401)),
    Row("the golden names none", at(None), at("max_tokens")),
    Row("B36: the same parameter", at("max_tokens"), at("max_tokens")),
)
