"""stream-error-reason-lost: a stream that fails without a word."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row

WHY: dict[str, Any] = {
    "type": "error",
    "error": {"type": "invalid_request_error", "code": "content_filter", "message": "Refused."},
}


def failed(*further: Any, error: Any = None) -> Exchange:
    end = {"type": "response.failed", "response": r.response(status="failed", output=[], usage=None, error=error)}
    return r.told(r.renumbered([*r.events()[:1], end, *further]))


NO_CODE = "risky stream-error-code-changed error.code"
NO_TYPE = "risky stream-error-type-changed error.type"

CASES = (
    Row("ER32: the frame with the reason is gone (maximhq/bifrost 6419)", failed(WHY), failed(), ("breaking error",)),
    Row("ER32, benign twin: other words", failed(WHY), failed({**WHY, "error": {**WHY["error"], "message": "No."}})),
    Row("the golden gives no reason", failed(), failed()),
    Row(
        "it stands in the response that failed",
        failed(WHY),
        failed(error={"code": "server_error", "message": "It broke."}),
        also=("risky stream-error-code-changed error.code", "risky stream-error-type-changed error.type"),
    ),
    *(
        Row(f"the {key} alone says why", failed(WHY), failed({"type": "error", "error": {key: text}}), fires, also)
        for key, text, fires, also in (
            ("code", "content_filter", ("risky error.message",), (NO_TYPE,)),
            ("type", "invalid_request_error", ("risky error.message",), (NO_CODE,)),
            ("message", "Refused.", (), (NO_CODE, NO_TYPE)),
        )
    ),
    *(
        Row(
            f"ER32: the message is {lost!r}",
            failed(WHY),
            failed({**WHY, "error": {**WHY["error"], "message": lost}}),
            ("risky error.message",),
        )
        for lost in (None, "", {"text": "Refused."})
    ),
)
