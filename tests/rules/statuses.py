"""The family of statuses: another HTTP status for the same request."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange
from tests.rules_table import ASK, HELLO, Row, chunk, completion, plain, refusal, stream

FIRES = ("breaking status",)
PAGE = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>"
HTML = plain(PAGE, status=502, headers={"content-type": "text/html"})
BUSY = refusal(429, "rate_limit_error", "rate_limit_exceeded")
SERVED = plain(completion())
FILTERED = refusal(400, "invalid_request_error", "content_filter")


def unasked(status: int) -> Exchange:
    """A failure of a chat that has no messages."""
    found = refusal(status)
    return replace(found, request=replace(found.request, body=b'{"model": "m"}'))


CASES = (
    Row(
        "ER12: 429 turned into 500",
        BUSY,
        refusal(500, "server_error"),
        ("breaking client-error-as-server-error status",),
    ),
    Row(
        "ER12: 400 turned into 502 (tashfeenahmed/freellmapi 97)",
        refusal(400),
        refusal(502, "server_error"),
        ("breaking client-error-as-server-error status",),
    ),
    Row(
        "ER12: 404 turned into 400",
        refusal(404, code="model_not_found"),
        refusal(400, code="model_not_found"),
        ("breaking client-error-changed status",),
    ),
    Row(
        "ER14: the context overflow becomes 413", refusal(400), refusal(413), ("breaking client-error-changed status",)
    ),
    Row("ER11: an HTML page where the golden is served: one finding", SERVED, HTML, ("breaking success-lost status",)),
    Row(
        "T28: the base path lacks /v1",
        SERVED,
        plain({"detail": "Not Found"}, status=404),
        ("breaking success-lost status",),
    ),
    Row(
        "T35: the key is expected elsewhere",
        SERVED,
        plain({"statusCode": 401, "message": "Access denied"}, status=401),
        ("breaking success-lost status",),
    ),
    Row("a bad key is accepted", refusal(401, code="invalid_api_key"), SERVED, ("breaking key-not-checked status",)),
    Row("an unknown model is served", refusal(404, code="model_not_found"), SERVED, ("risky rejection-lost status",)),
    Row(
        "served, where the golden does not implement it",
        refusal(501, "server_error"),
        SERVED,
        ("info rejection-lost status",),
    ),
    Row("a broken tool schema is accepted", refusal(400), SERVED, ("risky rejection-lost status",)),
    Row(
        "ER18: the content filter becomes a finish_reason",
        FILTERED,
        plain(completion({"content": None}, "content_filter")),
        ("risky filter-rejection-lost status",),
    ),
    Row("400 and 422 are similar", refusal(400), refusal(422), ("risky client-error-changed status",)),
    Row("one server error for another", refusal(500), refusal(503), ("info server-error-changed status",)),
    Row("B34: one failure among samples that are served", SERVED, [BUSY, SERVED], ("info status-transient status",)),
    Row(
        "T21, the reverse: the error is inside a stream",
        BUSY,
        stream({"error": {"message": "busy", "type": "rate_limit_error"}}, done=False),
        ("breaking error-moved-into-stream status",),
    ),
    Row("another success status", SERVED, plain(completion(), status=201), ("risky success-status-changed status",)),
    Row("ER12, benign twin: 429 or 503 under overload", BUSY, refusal(503, "rate_limit_error", "rate_limit_exceeded")),
    Row("a busy golden, a served candidate", BUSY, SERVED),
    Row("ER13, benign twin: the golden fails in the same way", refusal(500), refusal(500)),
    Row("PA01 is left to request-rejected", SERVED, refusal(400), (), ("breaking request-rejected request",)),
    Row("a stream without an error", stream(*HELLO), stream(HELLO[0], chunk({"content": "x"}), HELLO[-1]), ()),
    Row(
        "ER06 is left to error-in-200",
        BUSY,
        plain({"error": {"message": "m", "code": 429}}, ASK),
        (),
        ("breaking error-in-200 error",),
    ),
    Row(
        "B34: a 429 among the golden's own refusals",
        refusal(400),
        [refusal(400), refusal(400), BUSY],
        ("info status-transient status",),
    ),
    Row(
        "429 in every sample where the golden rejects the request",
        refusal(400),
        [BUSY, BUSY],
        ("breaking client-error-changed status",),
    ),
    Row("served, where the golden does not implement it", refusal(501), SERVED, ("info rejection-lost status",)),
    *(
        Row(
            f"{status} is left to request-rejected", SERVED, refusal(status), (), ("breaking request-rejected request",)
        )
        for status in (413, 422)
    ),
    *(
        Row(f"{status} in one sample of two", SERVED, [refusal(status), SERVED], ("info status-transient status",))
        for status in (408, 425, 500, 502, 503, 504, 529)
    ),
    Row("Anthropic's word for overload", BUSY, refusal(529, "rate_limit_error", "rate_limit_exceeded")),
    Row("404 and 405 are similar", refusal(404), refusal(405), ("risky client-error-changed status",)),
    Row("451 is a client error", refusal(451), refusal(403), ("breaking client-error-changed status",)),
    Row(
        "LiteLLM 1.74's 500 for no messages, 1.108's 400",
        unasked(500),
        unasked(400),
        ("info server-error-changed status",),
    ),
    Row("and 422", unasked(500), unasked(422), ("info server-error-changed status",)),
    Row("and 401", unasked(500), unasked(401), ("risky server-error-changed status",)),
    Row("500 becomes 401", refusal(500), refusal(401), ("risky server-error-changed status",)),
    Row("500 becomes 451", refusal(500), refusal(451), ("risky server-error-changed status",)),
    Row("400 becomes 451", refusal(400), refusal(451), ("breaking client-error-changed status",)),
    Row("a key without rights is accepted", refusal(403), SERVED, ("breaking key-not-checked status",)),
)
