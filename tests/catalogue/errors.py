"""Area errors: failures under another status, envelope, type, code or header, and failures that hide."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from gate.model import Ending, Exchange
from tests.catalogue import Case, breaking, risky, slight, tolerable, twin
from tests.catalogue.exchanges import (
    ASK,
    answer,
    calling,
    choice,
    labelled,
    legacy,
    piece,
    said,
    told,
    with_body,
    written,
)
from tests.rules._responses import events, renumbered
from tests.rules._responses import told as responded
from tests.rules_table import EMBED, plain, refusal, stream

NO_MODEL = "The model `no-such-model` does not exist or you do not have access to it."
GOLDEN = refusal(404, "invalid_request_error", "model_not_found", NO_MODEL)
LIMITED = refusal(429, "requests", "rate_limit_exceeded", "Rate limit reached for gpt-4o.")
ON_STREAM = {**ASK, "stream": True}
HTML = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center>nginx</center></body>\r\n</html>\r\n"


def fails(status: int, body: Any, request: Any = ASK, url: str = "/v1/chat/completions", **headers: str) -> Exchange:
    """A failure with any body."""
    return plain(body, request, status=status, url=url, headers={k.replace("_", "-"): v for k, v in headers.items()})


def bad(status: int = 400, **changes: Any) -> Exchange:
    """An invalid request's error with some members changed (`...`: gone)."""
    error = {"message": "Invalid value", "type": "invalid_request_error", "param": "messages", "code": "invalid_value"}
    found = {k: v for k, v in {**error, **changes}.items() if v is not ...}
    return fails(status, {"error": found})


OVERFLOW = "This model's maximum context length is {} tokens. However, your messages resulted in {} tokens."
PAGE = {"content_type": "text/html"}
CUT_STREAM = stream(
    *said()[:4], {"error": {"message": "upstream lost", "type": "server_error"}}, request=ASK, done=False
)
FILTERED = {
    "error": {
        "message": "The response was filtered",
        "type": None,
        "param": "prompt",
        "code": "content_filter",
        "status": 400,
        "innererror": {"code": "ResponsibleAIPolicyViolation", "content_filter_result": {}},
    }
}

CASES: tuple[Case, ...] = (
    breaking("ER01", "the status as the code", GOLDEN, refusal(404, "NotFoundError", 404, NO_MODEL)),
    breaking("ER01", "code alone, golden null", bad(code=None), bad(code=400)),
    breaking("ER01", "a boolean", bad(), bad(code=False)),
    breaking("ER01", "an object", bad(), bad(code={"id": 1})),
    twin("ER01", "null for a word", bad(), bad(code=None)),
    twin("ER01", "a word for null", bad(code=None), bad()),
    breaking("ER03", "a text", GOLDEN, fails(404, {"detail": "Not Found"})),
    breaking("ER03", "pydantic's list, 422", bad(), fails(422, {"detail": [{"loc": ["body", "messages"], "msg": "Field required", "type": "missing"}]})),
    breaking("ER03", "on embeddings", fails(400, {"error": {"message": "m", "type": "t", "param": None, "code": None}}, url=EMBED), fails(400, {"detail": "x"}, url=EMBED)),
    twin("ER03", "both keys", GOLDEN, fails(404, {"detail": "x", "error": {"message": NO_MODEL, "type": "invalid_request_error", "param": None, "code": "model_not_found"}})),
    breaking("ER04", "Ollama's", GOLDEN, fails(404, {"error": 'model "no-such-model" not found'})),
    breaking("ER04", "a list", bad(), fails(400, {"error": ["bad"]})),
    breaking("ER04", "true", bad(), fails(400, {"error": True, "message": "bad"})),
    twin("ER04", "an empty message", bad(), bad(message="")),
    breaking("ER06", "429 in a 200", LIMITED, plain({"error": {"message": "Rate limit exceeded", "code": 429, "metadata": {}}, "user_id": "u"})),
    breaking("ER06", "a text, where the golden serves", answer(), plain({"error": "upstream timeout"})),
    breaking("ER06", "in an answer with choices null", answer(), plain({"id": "x", "choices": None, "error": {"message": "m", "code": 502}})),
    breaking("ER06", "embeddings", plain({"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.6, 0.8]}], "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}, {"input": "x"}, url=EMBED), plain({"code": 500, "msg": "busy", "data": None, "success": False}, {"input": "x"}, url=EMBED)),
    twin("ER06", "error: null beside an answer", answer(), answer(error=None)),
    breaking("ER08", "OpenRouter's, in a call", calling(), stream(piece({"role": "assistant"}), piece({"tool_calls": [{"index": 0, "id": "c", "type": "function", "function": {"name": "get_stock", "arguments": '{"s'}}]}), {**piece({"content": ""}, "error"), "error": {"code": "server_error", "message": "Provider disconnected"}}, request=ASK)),
    breaking("ER08", "finish_reason error alone", told(), told(finish="error")),
    breaking("ER08", "plain", answer(), answer(choice("Half an", finish="error"))),
    twin("ER08", "content_filter", told(), told(finish="content_filter")),
    risky("ER09", "reset after the error", stream(*said()[:4], {"error": {"message": "upstream lost", "type": "server_error"}}, request=ASK), replace(CUT_STREAM, ending=Ending.RESET)),
    risky("ER09", "left open after the error", stream(*said()[:4], {"error": {"message": "upstream lost", "type": "server_error"}}, request=ASK), replace(CUT_STREAM, ending=Ending.TIMEOUT)),
    twin("ER09", "closed at once", stream(*said()[:4], {"error": {"message": "upstream lost", "type": "server_error"}}, request=ASK), CUT_STREAM),
    breaking("ER11", "nginx' 502", LIMITED, with_body(labelled(LIMITED, 502), HTML, **PAGE)),
    breaking("ER11", "an empty-labelled page under the golden's status", GOLDEN, with_body(GOLDEN, HTML, content_type="")),
    breaking("ER11", "plain words", bad(), with_body(bad(), b"upstream connect error or disconnect/reset before headers", content_type="text/plain")),
    twin("ER11", "JSON 5xx, other words", *(refusal(503, "server_error", message=m) for m in ("Overloaded.", "Try later."))),
    risky("ER12", "400 to 502", bad(), fails(502, {"error": {"message": "Provider error (Gemini): Google API error 400", "type": "invalid_request_error", "param": None, "code": None}})),
    risky("ER12", "500 to 400", bad(500), bad(400)),
    risky("ER12", "429 to 500", LIMITED, refusal(500, "server_error", message="Rate limit")),
    risky("ER12", "401 to 500", refusal(401, code="invalid_api_key"), refusal(500, "server_error")),
    twin("ER12", "429 and 503", LIMITED, refusal(503, "requests", "rate_limit_exceeded", "Overloaded.")),
    risky("ER13", "Jinja", bad(), fails(500, {"error": {"code": 500, "message": "Jinja Exception: Conversation roles must alternate", "type": "server_error"}})),
    twin("ER13", "the same on both", bad(500), bad(500, message="Other words")),
    breaking("ER14", "another code", *(refusal(400, code=c, message=m) for c, m in (("context_length_exceeded", OVERFLOW.format(8192, 9000)), ("400", "Input length 877338 exceeds the maximum allowed input length")))),
    breaking("ER14", "413", *(refusal(s, code=c, message="too long") for s, c in ((400, "context_length_exceeded"), (413, None)))),
    breaking("ER14", "no code", *(refusal(400, code=c, message=OVERFLOW.format(1, 2)) for c in ("context_length_exceeded", None))),
    twin("ER14", "other numbers", *(refusal(400, code="context_length_exceeded", message=OVERFLOW.format(*n)) for n in ((8192, 9001), (16385, 20000)))),
    risky("ER15", "gone", labelled(LIMITED, retry_after="20", x_ratelimit_reset_tokens="20ms"), replace(LIMITED, total_ms=50.0)),
    risky("ER15", "sentinels", labelled(LIMITED, retry_after="20", x_ratelimit_limit_tokens="30000"), labelled(LIMITED, retry_after="20", x_ratelimit_limit_tokens="-1")),
    risky("ER15", "a word", labelled(LIMITED, retry_after="20"), labelled(LIMITED, retry_after="soon")),
    twin("ER15", "other numbers", labelled(LIMITED, retry_after="20", x_ratelimit_remaining_tokens="3"), labelled(LIMITED, retry_after="4", x_ratelimit_remaining_tokens="0")),
    risky("ER16", "16 days", labelled(LIMITED, retry_after="2"), labelled(LIMITED, retry_after="1382400")),
    twin("ER16", "jitter", labelled(LIMITED, retry_after="2"), labelled(LIMITED, retry_after="7")),
    risky("ER17", "OpenRouter's names on a success", labelled(answer(), x_ratelimit_reset_requests="6m0s", x_ratelimit_limit_requests="60"), labelled(answer(), x_ratelimit_reset="1741305600000", x_ratelimit_limit="60")),
    risky("ER17", "epoch milliseconds", labelled(LIMITED, x_ratelimit_reset_requests="6m0s"), labelled(LIMITED, x_ratelimit_reset_requests="1741305600000")),
    twin("ER17", "values", labelled(answer(), x_ratelimit_reset_requests="6m0s"), labelled(answer(), x_ratelimit_reset_requests="120ms")),
    risky("ER18", "into finish_reason", fails(400, FILTERED), answer(choice(None, finish="content_filter"))),
    risky("ER18", "the other way", answer(choice("", finish="content_filter")), fails(400, FILTERED)),
    risky("ER18", "streamed", fails(400, FILTERED, ON_STREAM), told(finish="content_filter", ask=ASK)),
    twin("ER18", "another severity", fails(400, FILTERED), fails(400, json.loads(json.dumps(FILTERED).replace("{}", '{"hate": {"severity": "high"}}')))),
    tolerable("ER20", "prefixed and escaped", bad(), bad(message='litellm.BadRequestError: OpenAIException - {"error": {"message": "Invalid value", "type": "invalid_request_error"}}')),
    twin("ER20", "a request id at the end", bad(), bad(message="Invalid value (request id: req_2f9)")),
    risky("ER21", "nothing", bad(422), with_body(bad(422), b"")),
    risky("ER21", "white space", GOLDEN, with_body(GOLDEN, b"\n")),
    risky("ER21", "{}", GOLDEN, fails(404, {})),
    twin("ER21", "the same words", GOLDEN, GOLDEN),
    risky("ER23", "Anthropic's, before anything", refusal(529, "overloaded_error", request=ON_STREAM), stream(b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n', request=ASK, done=False)),
    risky("ER23", "in mid-stream", told(ask=ASK), stream(*said()[:5], b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n', request=ASK)),
    risky("ER23", "golden sends OpenAI's", stream(*said()[:5], {"error": {"message": "overloaded", "type": "server_error"}}, request=ASK), stream(*said()[:5], b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n', request=ASK, done=False)),
    twin("ER23", "in the golden too", *(stream(*said(t)[:2], b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n', request=ASK) for t in ("a", "b"))),
    risky("ER24", "a refused stream", refusal(400, request=ON_STREAM), labelled(refusal(400, request=ON_STREAM), content_type="text/event-stream")),
    risky("ER24", "a limit, on embeddings", refusal(429, "requests", url=EMBED), labelled(refusal(429, "requests", url=EMBED), content_type="text/event-stream; charset=utf-8")),
    twin("ER24", "a charset", bad(), labelled(bad(), content_type="application/json; charset=UTF-8")),
    twin("ER24", "in the golden too", *(labelled(bad(), content_type="text/event-stream") for _ in range(2))),
    tolerable("ER25", "code and param null", bad(), bad(code=None, param=None)),
    tolerable("ER25", "gone", bad(), bad(code=..., param=...)),
    twin("ER25", "other words of the same failure", bad(), bad(message="That is not valid.")),
    twin("ER25", "a code where there was none", bad(code=None), bad()),
    breaking("ER08", "legacy", written(), written(legacy(" The"), {"error": {"message": "boom", "type": "server_error"}})),
    breaking("ER08", "a failed response", responded(events()), responded(renumbered([*events()[:5], {"type": "response.failed", "response": {**events()[-1]["response"], "status": "failed", "error": {"code": "server_error", "message": "boom"}}}]))),
    slight("ER20", "unescaped quotes", bad(), bad(message="{'error': 'bad'}")),
)  # fmt: skip
