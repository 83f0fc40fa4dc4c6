"""error-nested: an error inside an error's message."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import HELLO, Row, refusal, stream

NESTED = '[openai/gpt-5.4] [400]: {\n "error": {"message": "Unsupported parameter"}} (reset after 30s)'
ESCAPED = 'Provider error: {\\"error\\":{\\"code\\":400}}'


def broken(message: str) -> Exchange:
    """A stream that ends with an error."""
    return stream(
        *HELLO[:2], {"error": {"message": message, "type": "server_error", "param": None, "code": "overloaded"}}
    )


CASES = (
    Row(
        "ER20: the gateway prefixes and stringifies (decolua/9router 846)",
        refusal(400),
        refusal(400, message=NESTED),
        ("info error.message",),
    ),
    Row("ER20: escaped once more", refusal(400), refusal(400, message=ESCAPED), ("info error.message",)),
    Row(
        "ER20, benign twin: a request id after the words", refusal(400), refusal(400, message="No. (request id: req_1)")
    ),
    Row("the golden is nested too", refusal(400, message=NESTED), refusal(400, message=NESTED)),
    Row("in a stream", broken("Overloaded."), broken(NESTED), ("info error.message",)),
    Row("words in a stream", broken("Overloaded."), broken('Too busy: {"queue": 3}')),
    Row("the golden's stream is nested too", broken(NESTED), broken(NESTED)),
    Row(
        "a proxy's page",
        refusal(400),
        refusal(400, message="<html><head><title>400 Bad Request</title></head></html>"),
        ("info error.message",),
    ),
    Row(
        "the inside of the server",
        broken("Overloaded."),
        broken('Traceback (most recent call last):\n  File "a.py", line 1'),
        ("info error.message",),
    ),
    Row("a sign that is no tag", refusal(400), refusal(400, message="temperature must be <= 2, see <head>er")),
)
