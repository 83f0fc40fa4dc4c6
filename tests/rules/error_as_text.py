"""error-as-text: what failed, said by the model."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules._written import flowing, legacy, quoted, responded, said, thought
from tests.rules_table import ASK, Row, completion, plain

CONTENT = ("breaking choices[0].message.content",)
NILE = "The Nile is the longest river."
PAGE = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body></body>\n</html>"
RAISED = "Error code: 429 - {'error': {'message': 'Rate limit reached'}}"
SAY = "Say it in JSON."
AS_JSON = {**ASK, "response_format": {"type": "json_object"}}


def in_json(text: str) -> Exchange:
    """A plain answer to a request for JSON."""
    return plain(completion({"content": text}), AS_JSON)


CASES = (
    Row("ER36: a failure is laundered into a clean stop (kortix-ai/suna 4005)", said(NILE), said(RAISED), CONTENT),
    Row("the page of a proxy, streamed", flowing(NILE), flowing(PAGE[:20], PAGE[20:]), CONTENT),
    Row("another page", said(NILE), said("<!DOCTYPE html>\n<html><body><h1>504 Gateway Time-out</h1>"), CONTENT),
    Row("a class with its module", said(NILE), said("litellm.RateLimitError: Rate limit reached"), CONTENT),
    Row("a traceback", said(NILE), said("Traceback (most recent call last):\n  File 'a.py'"), CONTENT),
    Row("the upstream's JSON", said(NILE), said('{"error": {"message": "overloaded", "code": 503}}'), CONTENT),
    Row("FastAPI's", said(NILE), said('{"detail": "Internal Server Error"}'), CONTENT),
    *(
        Row(f"with its {key}", said(NILE), said(f'{{"error": "overloaded", "{key}": 1}}'), CONTENT)
        for key in ("code", "message", "type", "param", "status", "statusCode", "request_id", "success")
    ),
    Row("a status line", said(NILE), said("Error: 500 Internal Server Error"), ("risky choices[0].message.content",)),
    Row("in a response", responded(NILE), responded(RAISED), ("breaking output[0].content[0].text",)),
    Row("a legacy completion", legacy(NILE), legacy(RAISED), ("breaking choices[0].text",)),
    Row("a page that was asked for", quoted("Here it is.", "Write a 502 page."), quoted(PAGE, "Write a 502 page.")),
    Row("HTML that was asked for", quoted("Here it is.", "Write HTML of a 502."), quoted(PAGE, "Write HTML of a 502.")),
    Row(
        "a status that is asked about",
        quoted("The page is missing.", "What is a 404?"),
        quoted("Error 404 means that the page is missing.", "What is a 404?"),
    ),
    Row(
        "another status than the request's",
        quoted("The page is missing.", "What is a 404?"),
        quoted("Error: 500 Internal Server Error", "What is a 404?"),
        ("risky choices[0].message.content",),
    ),
    *(
        Row(f"an exception is asked for: {asks}", quoted(NILE, asks), quoted("socket.timeoutError: no answer", asks))
        for asks in ("Which exception?", "What does it raise?", "Show the traceback.", "What does print(f()) show?")
    ),
    Row("JSON says that there is none", quoted("{}", SAY), quoted('{"error": "no such city"}', SAY)),
    Row("FastAPI's, as JSON", quoted("{}", SAY), quoted('{"detail": "Overloaded"}', SAY), CONTENT),
    Row("a server's object", quoted("{}", SAY), quoted('{"error": {"message": "overloaded"}}', SAY), CONTENT),
    Row("a page without a status", said(NILE), said("<html><head><title>Rivers</title></head></html>")),
    Row("a status of success", said(NILE), said("<html><head><title>200 rivers</title></head></html>")),
    Row("a word of Python", said(NILE), said("ValueError: that is what int('a') raises")),
    Row("an error that is explained", said(NILE), said("The server says Error code: 429 - {}: slow down.")),
    Row("another number", said(NILE), said("Error: 300 files were not found")),
    Row("JSON of an answer", said(NILE), said('{"error": null, "message": "Nile"}')),
    Row("JSON with an answer in it", said(NILE), said('{"error": "none", "river": "Nile"}')),
    Row("JSON that was asked for", in_json('{"river": "Nile"}'), in_json('{"error": "no river"}')),
    Row("a log that the request holds", quoted(NILE, f"Explain: {RAISED}"), quoted(RAISED, f"Explain: {RAISED}")),
    Row("thoughts are no answer", thought(NILE), thought(RAISED)),
    Row("the golden is one too", said(RAISED), said(RAISED.replace("429", "500"))),
)
