"""error-not-json: HTML pages, texts and empty bodies."""

from __future__ import annotations

from tests.rules_table import Row, plain, refusal, stream

PAGE = b"<!DOCTYPE html><html><head><title>503</title></head></html>"
HTML = {"content-type": "text/html"}
PLAIN = {"content-type": "text/plain"}

CASES = (
    Row(
        "ER11: a CDN's page (Significant-Gravitas/AutoGPT 944)",
        refusal(503),
        plain(PAGE, status=503, headers=HTML),
        ("breaking body",),
    ),
    Row(
        "plain text under application/json (github-models-chat-j-dc0d3233c8)",
        refusal(429),
        plain(b"Too many requests.", status=429),
        ("breaking body",),
    ),
    Row(
        "plain text (deepseek-chat-j-f46849b399)",
        refusal(422),
        plain(b"Failed to deserialize the JSON body", status=422, headers=PLAIN),
        ("breaking body",),
    ),
    Row("ER21: an empty body (earendil-works/pi 1578)", refusal(422), plain(b"", status=422), ("risky body",)),
    Row("ER11, benign twin: JSON with another message", refusal(503), refusal(503, message="Later.")),
    Row(
        "the golden's errors are pages too",
        plain(PAGE, status=503, headers=HTML),
        plain(PAGE, status=503, headers=HTML),
    ),
    Row(
        "ER11: an event stream under an error's status",
        refusal(429),
        stream({"error": {"message": "Slow down."}}, status=429),
        ("breaking body",),
    ),
)
