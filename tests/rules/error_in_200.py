"""error-in-200: an error with a success status."""

from __future__ import annotations

from tests.rules_table import HELLO, Row, completion, plain, refusal, stream

BUSY = plain({"error": {"message": "Rate limit exceeded", "code": 429, "metadata": {}}, "user_id": "u"})
FIRES = ("breaking error",)

CASES = (
    Row("ER06: OpenRouter wraps an upstream's 429 (Aider-AI/aider 3550)", plain(completion()), BUSY, FIRES),
    Row("ER06: where the golden fails as it should", refusal(429), BUSY, FIRES),
    Row("with ER04: the error is a text", plain(completion()), plain({"error": "model is loading"}), FIRES),
    Row(
        "T21: on a request for a stream (Hmbown/Codewhale 1717)",
        stream(*HELLO),
        plain({"error": {"message": "busy"}}, {"stream": True}),
        FIRES,
    ),
    Row('ER06, benign twin: an answer with "error": null', plain(completion()), plain(completion(error=None))),
    Row("T21, benign twin: an error before the stream, with its status", refusal(429), refusal(429)),
    Row("the golden hides its errors too", BUSY, BUSY),
)
