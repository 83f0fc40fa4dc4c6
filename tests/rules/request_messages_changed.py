"""request-messages-changed: the upstream reads other messages."""

from __future__ import annotations

from tests.rules._gateway import changed, sent, upgraded
from tests.rules_table import ASK

SYSTEM = {"role": "system", "content": "Be brief."}
USER = {"role": "user", "content": "Hi"}
MORE = {"role": "user", "content": "And in French?"}
PICTURE = [{"type": "text", "text": "Hi"}, {"type": "image_url", "image_url": {"url": "https://host.test/a.png"}}]

CASES = (
    changed(
        "RQ07: messages of one role are merged (higress-group/higress 3598)",
        sent(messages=[USER, MORE]),
        sent(messages=[{"role": "user", "content": "Hi\n\nAnd in French?"}]),
        "breaking messages",
    ),
    changed(
        "RQ07: system messages move to the front (BerriAI/litellm 39282)",
        sent(messages=[USER, SYSTEM]),
        sent(messages=[SYSTEM, USER]),
        "breaking messages",
    ),
    changed(
        "RQ07: the text is trimmed",
        sent(messages=[MORE]),
        sent(messages=[{**MORE, "content": "And"}]),
        "breaking messages[0].content",
    ),
    changed(
        "RQ07: a picture is lost",
        sent(messages=[{"role": "user", "content": PICTURE}]),
        ASK,
        "breaking messages[0].content",
    ),
    changed(
        "RQ07: an input is shortened", {"model": "m", "input": "a text"}, {"model": "m", "input": "a"}, "breaking input"
    ),
    changed("RQ07, benign twin: the same messages", sent(messages=[SYSTEM, USER]), sent(messages=[SYSTEM, USER])),
    changed(
        "RQ07, benign twin: a text as parts",
        sent(messages=[USER]),
        sent(messages=[{"role": "user", "content": PICTURE[:1]}]),
    ),
    changed(
        "RQ07, benign twin: a bare input as one message", {"model": "m", "input": "Hi"}, {"model": "m", "input": [USER]}
    ),
    upgraded(
        "the old gateway did the same", sent(messages=[USER, SYSTEM]), sent(messages=[USER]), sent(messages=[USER])
    ),
)
