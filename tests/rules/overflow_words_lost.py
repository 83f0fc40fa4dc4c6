"""overflow-words-lost: what an error says of an input that is too long."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import HELLO, Row, completion, plain, stream

CODE = "context_length_exceeded"
WINDOW = "Your input exceeds the context window of this model."
LENGTH = "This model's maximum context length is 8192 tokens."


def refused(message: Any, code: Any = None) -> Exchange:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return plain({"error": error}, status=400)


def failed(message: str, code: str = CODE) -> Exchange:
    """A response that fails for it, in a stream."""
    error = {"code": code, "message": message}
    end = r.response(status="failed", output=[], usage=None, error=error)
    return r.told(r.renumbered([*r.events()[:1], {"type": "response.failed", "response": end}]))


def broken(message: str) -> Exchange:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": CODE}
    return stream(*HELLO[:1], {"error": error}, done=False)


TOLD = ("breaking error.message",)

CASES = (
    Row("ER37: a response in a stream", failed(WINDOW), failed("It did not work out."), TOLD),
    Row("ER37: a stream of chat", broken(WINDOW), broken("Request too large"), TOLD),
    Row("ER37: a refusal without a code, as vLLM's", refused(LENGTH), refused("Request too large"), TOLD),
    Row(
        "its code stays, which Python's SDK prints",
        refused(LENGTH, CODE),
        refused("Request too large", CODE),
        ("risky error.message",),
    ),
    Row("ER37, benign twin: a gateway's words before it", failed(WINDOW), failed(f"upstream: {WINDOW}")),
    Row("another client's words", refused(LENGTH), refused("litellm.ContextWindowExceededError: too many")),
    Row("Anthropic's", refused(LENGTH), refused("prompt is too long: 213462 tokens > 200000 maximum")),
    Row("the code in the message", failed(WINDOW), failed(f"{CODE}: too many")),
    Row("nobody knew the golden's", refused("Too many tokens"), refused("Request too large")),
    Row("one of the golden samples is not known", [refused(LENGTH), refused("Too long")], refused("Request too large")),
    Row(
        "another code is told of itself",
        failed(WINDOW),
        failed("Request too large", "invalid_prompt"),
        also=("risky stream-error-code-changed error.code",),
    ),
    Row("no message", refused(LENGTH), refused(None), also=("breaking error-envelope error.message",)),
    Row("no failure", plain(completion()), plain(completion())),
)
