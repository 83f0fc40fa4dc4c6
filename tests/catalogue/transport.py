"""Area transport: framing, endings, labels, redirects and refusals of whole connections."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

from gate.model import Ending, Hop
from tests.catalogue import Case, breaking, risky, tolerable, twin
from tests.catalogue.exchanges import (
    ASK,
    ASK_LEGACY,
    answer,
    body_of,
    calling,
    choice,
    counted,
    edited,
    labelled,
    legacy,
    models,
    nth,
    piece,
    said,
    timed,
    told,
    two,
    with_body,
    written,
)
from tests.rules._responses import events
from tests.rules._responses import told as responded
from tests.rules_table import plain, refusal, rewritten, stream

GOLDEN = told()
RESPONSE = responded(events("Danube, 2850 km."))
DONE = b"data: [DONE]\n\n"
PING = b": keep-alive\n\n"


def crlf(body: bytes) -> bytes:
    """Every line feed as CRLF."""
    return body.replace(b"\n", b"\r\n")


def numbered(every: bytes = b"") -> bytes:
    """The golden's frames with an id each, and something after each."""
    frames = body_of(GOLDEN).split(b"\n\n")[:-1]
    return b"".join(b"id: %d\n%s\n\n%s" % (n, frame, every) for n, frame in enumerate(frames))


HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>"

CASES: tuple[Case, ...] = (
    risky("T01", "legacy completions without the space", written(), rewritten(written(), b"data: ", b"data:")),
    risky("T01", "the space is lost in mid-stream", GOLDEN, rewritten(GOLDEN, b'data: {"id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", "object": "chat.completion.chunk", "created": 1741569952, "model": "gpt-4o-mini-2024-07-18", "system_fingerprint": "fp_b8bc95a0ac", "service_tier": "default", "choices": [{"index": 0, "delta": {"content": "2850"}', b'data:{"id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", "object": "chat.completion.chunk", "created": 1741569952, "model": "gpt-4o-mini-2024-07-18", "system_fingerprint": "fp_b8bc95a0ac", "service_tier": "default", "choices": [{"index": 0, "delta": {"content": "2850"}')),
    twin("T01", "the golden has no space", rewritten(GOLDEN, b"data: ", b"data:"), GOLDEN),
    twin("T01", "two blanks after a colon in the text", GOLDEN, told("data:{", ":  two")),
    risky("T02", "CRLF in a Responses stream", RESPONSE, with_body(RESPONSE, crlf(body_of(RESPONSE)))),
    risky("T02", "CRLF from the middle on", GOLDEN, with_body(GOLDEN, body_of(GOLDEN)[:400] + crlf(body_of(GOLDEN)[400:]))),
    risky("T02", "a bare CR ends lines", GOLDEN, with_body(GOLDEN, body_of(GOLDEN).replace(b"\n", b"\r"))),
    twin("T02", "CRLF inside a JSON text", GOLDEN, told("A\r\nB\r\n\r\n", "C")),
    breaking("T04", "the usage chunk lacks its blank line", told(done=False), with_body(told(done=False), body_of(told(done=False))[:-2])),
    breaking("T04", "response.completed lacks one of two line feeds", RESPONSE, with_body(RESPONSE, body_of(RESPONSE)[:-1])),
    breaking("T04", "CRLF stream on both sides", *(with_body(told(), crlf(body_of(told(done=False)))), with_body(told(), crlf(body_of(told(done=False)))[:-4]))),
    twin("T04", "after the sentinel", GOLDEN, with_body(GOLDEN, body_of(GOLDEN)[:-2])),
    twin("T04", "further blank lines", GOLDEN, with_body(GOLDEN, body_of(GOLDEN) + b"\n\n\n")),
    risky("T05", "legacy completions", written(), written(done=False)),
    risky("T05", "tool calls", calling(), calling(done=False)),
    twin("T05", "Responses API never sends it", RESPONSE, with_body(RESPONSE, body_of(RESPONSE) + DONE)),
    twin("T05", "Responses API, golden from a gateway that adds it", with_body(RESPONSE, body_of(RESPONSE) + DONE), RESPONSE),
    breaking("T06", "the socket stays open", calling(), replace(calling(done=False), ending=Ending.TIMEOUT)),
    twin("T06", "keep-alive after a right end", GOLDEN, labelled(GOLDEN, connection="keep-alive")),
    breaking("T07", "cut in the arguments of a call", calling(), with_body(calling(), b"".join(f + b"\n\n" for f in body_of(calling()).split(b"\n\n")[:4]))),
    breaking("T07", "legacy completion stops", written(), written(legacy(" The"), legacy(" Elbe"), done=False)),
    breaking("T07", "one of two choices never ends", two(), stream(*said("The ", "Rhine."), *said("The ", "Loire.", index=1)[:-1], request={**ASK, "n": 2}, done=False)),
    twin("T07", "EOF after the finish", GOLDEN, with_body(GOLDEN, body_of(GOLDEN).removesuffix(DONE))),
    twin("T07", "our own hang-up", GOLDEN, replace(with_body(GOLDEN, body_of(GOLDEN)[:900]), ending=Ending.CANCELLED)),
    risky("T09", "pretty-printed JSON in each frame", GOLDEN, edited(GOLDEN, lambda d: b"".join(b"data: %s\n" % line for line in json.dumps(d, indent=1).encode().splitlines()) + b"\n")),
    risky("T09", "one frame of a Responses stream", RESPONSE, edited(RESPONSE, nth(4, lambda d: json.dumps(d).encode().replace(b'{"type"', b'data: {\ndata: "type"', 1) + b"\n\n"))),
    twin("T09", "an escaped line feed in the JSON", GOLDEN, told("One\n", "two\n\n", "three")),
    tolerable("T10", "OPENROUTER PROCESSING before the first chunk", calling(), with_body(calling(), b": OPENROUTER PROCESSING\n\n" * 3 + body_of(calling()))),
    tolerable("T10", "comments without blank lines", written(), rewritten(written(), b"data: {", b":\ndata: {")),
    twin("T10", "more comments than before", with_body(GOLDEN, PING + body_of(GOLDEN)), with_body(GOLDEN, PING * 5 + body_of(GOLDEN))),
    breaking("T11", "a wrapped comment between calls", calling(), edited(calling(), nth(3, lambda d: [b"data: : OPENROUTER PROCESSING\n\n", d]))),
    breaking("T11", "unspaced", GOLDEN, with_body(GOLDEN, b"data::ping\n\n" + body_of(GOLDEN))),
    twin("T11", "a text that starts with a colon", GOLDEN, told(": ", "ping")),
    breaking("T12", "event: ping alone", written(), with_body(written(), b"event: ping\n\n" + body_of(written()))),
    breaking("T12", "retry: alone at the start", GOLDEN, with_body(GOLDEN, b"retry: 3000\n\n" + body_of(GOLDEN))),
    breaking("T12", "an empty data line", GOLDEN, edited(GOLDEN, nth(2, lambda d: [b"data:\n\n", d]))),
    breaking("T12", "data: with a blank, named", RESPONSE, edited(RESPONSE, nth(5, lambda d: [b"event: keepalive\ndata: \n\n", d]))),
    twin("T12", "id and event beside data", GOLDEN, rewritten(with_body(GOLDEN, numbered()), b"data: {", b"event: message\ndata: {")),
    breaking("T13", "ids and comments with a blank line", GOLDEN, with_body(GOLDEN, numbered(PING))),
    twin("T13", "comments but no ids", GOLDEN, edited(GOLDEN, lambda d: [d, PING])),
    twin("T13", "a comment right before its data", GOLDEN, with_body(GOLDEN, numbered().replace(b"id: ", b": ping\nid: "))),
    breaking("T14", "doubled from the first frame to [DONE]", written(), rewritten(written(), b"data: ", b"data: data: ")),
    breaking("T14", "one frame, without blanks", GOLDEN, edited(GOLDEN, nth(3, lambda d: b"data:data:" + json.dumps(d).encode() + b"\n\n"))),
    twin("T14", "the text says data:", GOLDEN, told("data: ", "data: {}")),
    breaking("T18", "plain words instead of the finish", written(), written(legacy(" The"), b"data: Internal Server Error\n\n")),
    breaking("T18", "event: error with words", GOLDEN, stream(*said()[:3], b"event: error\ndata: upstream timed out\n\n", request=ASK)),
    twin("T18", "[DONE] is the sanctioned text", GOLDEN, told()),
    breaking("T19", "bare JSON ends the stream", GOLDEN, stream(*said()[:4], b'{"code":429,"message":"Resource has been exhausted"}\n', request=ASK, done=False)),
    breaking("T19", "bare JSON in a frame of its own", calling(), edited(calling(), nth(5, lambda d: [b'{"error":{"message":"boom"}}\n\n']))),
    twin("T19", "retry: beside data", GOLDEN, rewritten(GOLDEN, b'data: {"id"', b'retry: 1000\ndata: {"id"')),
    breaking("T20", "stream ignored, tool calls", calling(), plain({"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice()], "usage": {}}, {**ASK, "stream": True})),
    breaking("T20", "stream ignored, legacy", written(), plain(legacy(" The Elbe.", "stop"), {**ASK_LEGACY, "stream": True}, url="/v1/completions")),
    twin("T20", "a stream of a single content chunk", GOLDEN, told("The Danube is 2850 km long.")),
    breaking("T21", "busy, as a success", refusal(429, "rate_limit_error", "rate_limit", request={**ASK, "stream": True}), plain({"error": {"message": "service busy", "type": "busy", "code": 1305}}, {**ASK, "stream": True})),
    breaking("T21", "the golden streams", GOLDEN, plain({"error": {"message": "service busy"}}, {**ASK, "stream": True})),
    twin("T21", "an error before the stream has its status", *(refusal(429, "rate_limit_error", message=m, request={**ASK, "stream": True}) for m in ("Slow down.", "Too many requests."))),
    breaking("T23", "Ollama's own lines", GOLDEN, with_body(GOLDEN, b'{"model":"m","message":{"role":"assistant","content":"The"},"done":false}\n{"model":"m","done":true}\n', content_type="application/x-ndjson")),
    breaking("T23", "chunks as lines, labelled SSE", written(), with_body(written(), body_of(written()).replace(b"data: ", b"").replace(b"\n\n", b"\n"))),
    breaking("T23", "one line only", GOLDEN, with_body(GOLDEN, json.dumps(piece({"content": "All."}, "stop")).encode() + b"\n")),
    twin("T23", "each JSON on one line", GOLDEN, told("a", "b")),
    breaking("T24", "br over plain JSON", timed(answer(), 90), timed(labelled(answer(), content_encoding="br", content_length="210"), 90)),
    breaking("T24", "gzip over a plain stream", timed(GOLDEN, 90), timed(labelled(GOLDEN, content_encoding="gzip"), 90)),
    twin("T24", "gzip that is true", timed(answer(), 90), timed(with_body(answer(), gzip.compress(body_of(answer()), mtime=0), content_encoding="gzip"), 90)),
    risky("T25", "gzip on a legacy stream", written(), with_body(written(), gzip.compress(body_of(written()), mtime=0), content_encoding="gzip")),
    twin("T25", "gzip on JSON", answer(), with_body(answer(), gzip.compress(body_of(answer()), mtime=0), content_encoding="gzip")),
    breaking("T27", "reset in a plain body", answer(), replace(with_body(answer(), body_of(answer())[:200]), ending=Ending.RESET)),
    breaking("T27", "cut between two frames of a Responses stream", RESPONSE, replace(responded(events("Danube")[:5]), ending=Ending.CUT)),
    twin("T27", "connection: close", answer(), labelled(answer(), connection="close")),
    breaking("T28", "a doubled path", answer(), plain({"error": {"message": "Invalid URL (POST /v1/chat/completions/chat/completions)", "type": "invalid_request_error", "param": None, "code": None}}, ASK, status=404)),
    breaking("T28", "Not Found as text", RESPONSE, with_body(labelled(RESPONSE, 404), b"404 page not found\n", content_type="text/plain")),
    twin("T28", "another base, the same contract", answer(url="/v1/chat/completions"), answer(url="/openai/deployments/x/chat/completions")),
    breaking("T29", "the redirect as it came", answer(), with_body(labelled(answer(), 307, location="/v1/chat/completions/"), b"")),
    breaking("T29", "the redirect was followed", answer(), replace(answer(), hops=(Hop(302, "https://host.test/v1/chat/completions/"),))),
    breaking("T29", "308 to https with a page", GOLDEN, with_body(labelled(GOLDEN, 308, location="https://host.test/"), HTML, content_type="text/html")),
    twin("T29", "GET /models ends in the same JSON", models(), replace(models(), hops=(Hop(301, "/v1/models/"),))),
    breaking("T30", "403 by a firewall", GOLDEN, with_body(labelled(GOLDEN, 403), b"Your request was blocked.", content_type="text/plain")),
    breaking("T30", "403 page on embeddings", answer(), with_body(labelled(answer(), 403), HTML, content_type="text/html")),
    twin("T30", "other edge headers", labelled(answer(), server="nginx", cf_ray="8f-FRA"), labelled(answer(), server="uvicorn", set_cookie="a=b")),
    breaking("T31", "one corrupted chunk of two choices", two(), edited(two(), nth(3, lambda d: json.dumps(d).encode()[:-2].join((b"data: ", b"\n\n"))))),
    breaking("T31", "a lost quote in a Responses event", RESPONSE, rewritten(RESPONSE, b'"type": "response.output_text.done"', b'"type: "response.output_text.done"')),
    twin("T31", "other white space and key order", GOLDEN, edited(GOLDEN, lambda d: b"data: " + json.dumps(dict(reversed(d.items())), separators=(",", ":")).encode() + b"\n\n")),
    risky("T32", "line feeds before a Responses body", answer(), with_body(answer(), b"\n\n \n" + body_of(answer()))),
    twin("T32", "pretty, with a line feed at the end", answer(), with_body(answer(), json.dumps(json.loads(body_of(answer())), indent=2).encode() + b"\n")),
    breaking("T35", "the key's header is another", GOLDEN, plain({"statusCode": 401, "message": "Access denied due to missing subscription key."}, {**ASK, "stream": True}, status=401)),
    twin("T35", "further headers", answer(), labelled(answer(), www_authenticate="Bearer")),
    tolerable("T36", "gone", labelled(answer(), x_request_id="req_1"), answer()),
    tolerable("T36", "under LiteLLM's name, streamed", labelled(told(), x_request_id="req_1"), labelled(told(), llm_provider_x_request_id="req_1")),
    tolerable("T36", "Azure's, on a failure", labelled(refusal(404), apim_request_id="6c"), refusal(404)),
    twin("T36", "another id", labelled(answer(), x_request_id="req_1"), labelled(answer(), x_request_id="b7e1-22")),
    twin("T05", "usage last", told(), stream(*said(), counted(prompt_tokens=22, total_tokens=33), request=ASK | {"stream_options": {"include_usage": True}})),
)  # fmt: skip
