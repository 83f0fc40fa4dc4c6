"""stream-error: errors under status 200."""

from __future__ import annotations

from tests.rules._responses import events, response, told
from tests.rules_table import HELLO, Row, chunk, completion, plain, stream

BUSY = {"error": {"message": "Provider disconnected", "type": "server_error", "param": None, "code": 502}}
DOWN = {"code": "server_error", "message": "down"}
FOREIGN = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'

CASES = (
    Row(
        "ER08: OpenRouter's error in mid-stream, with finish_reason error",
        stream(*HELLO),
        stream(*HELLO[:2], {**chunk({"content": ""}, "error"), **BUSY}, done=False),
        ("breaking error",),
    ),
    Row(
        "Groq: a failed tool call is one error event under 200, without [DONE]",
        stream(*HELLO),
        stream(
            b'event: error\ndata: {"error":{"message":"Failed to call a function","status_code":400}}\n\n', done=False
        ),
        ("breaking error",),
    ),
    Row(
        "ER23: Anthropic's frame, untranslated",
        stream(*HELLO),
        stream(*HELLO[:2], FOREIGN, done=False),
        ("breaking error",),
    ),
    Row(
        "ER23: in another dialect than the golden's error",
        stream(BUSY, done=False),
        stream(FOREIGN, done=False),
        ("risky error",),
        ("risky stream-error-code-changed error.code", "risky stream-error-type-changed error.type"),
    ),
    Row(
        "a response that fails in mid-stream",
        told(events()),
        told(
            [
                *events()[:5],
                {"type": "response.failed", "sequence_number": 5, "response": response(status="failed", error=DOWN)},
            ]
        ),
        ("breaking error",),
    ),
    Row("ER09, benign twin: the golden's error, and a clean close", stream(BUSY), stream(BUSY, done=False)),
    Row("ER23, benign twin: the same frame in the golden", stream(FOREIGN, done=False), stream(FOREIGN, done=False)),
    Row(
        "the golden's error with a further key",
        stream(BUSY, done=False),
        stream({**BUSY, "request_id": "req_1"}, done=False),
    ),
    Row(
        "error: null beside an answer",
        stream(*HELLO),
        stream(*(dict(c, error=None) for c in HELLO)),
        also=("breaking error-member-empty error",),
    ),
    Row("ER08, benign twin: content_filter", stream(*HELLO), stream(*HELLO[:2], chunk({}, "content_filter"))),
    Row("a plain error is told by the rules about errors", plain(completion()), plain(completion())),
    Row(
        "a response that is completed, and has an error",
        told(events()),
        told(events(error={"code": "server_error", "message": "boom"})),
        ("breaking error",),
    ),
)
