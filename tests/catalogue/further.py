"""What a hostile examiner tries by the same mechanisms, on any endpoint: bodies and values. X: drifts of our own making."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

from gate.model import Exchange
from tests.catalogue import Case, breaking, harmless, risky, slight, twin
from tests.catalogue.embeddings import BASE64, batch, encoded, texts, vector
from tests.catalogue.errors import GOLDEN as UNKNOWN_MODEL
from tests.catalogue.errors import LIMITED, bad, fails
from tests.catalogue.exchanges import (
    ASK,
    ASK_STOCK,
    SKUS,
    WHOLE_LEGACY,
    answer,
    body_of,
    calling,
    calls,
    choice,
    each,
    edited,
    labelled,
    models,
    patched,
    stock,
    told,
    with_body,
)
from tests.catalogue.structured import ASK_JSON, GOOD, says, streams
from tests.rules._responses import function_call, message, response, whole
from tests.rules_table import refusal

PAIR = answer(choice("Rhine"), choice("Loire", 1), ask={**ASK, "n": 2})
CALLS, TOLD, PLAIN = calling(), told(), answer()
LOGIN = b"<!doctype html><html><head><title>Log in</title></head><body><form></form></body></html>"


def page(exchange: Exchange, status: int) -> Exchange:
    """A login page in place of the answer."""
    return with_body(labelled(exchange, status), LOGIN, content_type="text/html; charset=utf-8")


def at(path: str, value: Any, exchange: Exchange = PLAIN) -> tuple[Exchange, Exchange]:
    """The exchange, and the same with one value changed."""
    return exchange, patched(exchange, path, value)


CHOICE, MESSAGE = "choices.0", "choices.0.message"
CALL = f"{MESSAGE}.tool_calls.0"
KEY = refusal(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided.")

CASES: tuple[Case, ...] = (
    # -- values of a plain answer
    breaking("X01", "choices is an object", *at("choices", {"0": choice()})),
    breaking("X02", "choices is null", *at("choices", None)),
    breaking("X03", "the body is a list", PLAIN, edited(PLAIN, lambda d: json.dumps([d]).encode())),
    breaking("X04", "the body is a text of JSON", PLAIN, edited(PLAIN, lambda d: json.dumps(json.dumps(d)).encode())),
    breaking("X05", "the body is null", PLAIN, with_body(PLAIN, b"null")),
    breaking("X06", "the body is {}", PLAIN, with_body(PLAIN, b"{}")),
    breaking("X07", "wrapped in data", PLAIN, edited(PLAIN, lambda d: json.dumps({"code": 0, "data": d}).encode())),
    breaking("X08", "finish_reason is an object", *at(f"{CHOICE}.finish_reason", {"type": "stop"})),
    breaking("X09", "finish_reason is null", *at(f"{CHOICE}.finish_reason", None)),
    breaking("X10", "finish_reason is gone in the second choice", *at("choices.1.finish_reason", ..., PAIR)),
    breaking("X11", "finish_reason is a number", *at(f"{CHOICE}.finish_reason", 1)),
    breaking("X12", "another word in the second choice alone", *at("choices.1.finish_reason", "eos", PAIR)),
    risky("X13", "id is an integer", *at("id", 17)),
    risky("X14", "id is null", *at("id", None)),
    risky("X15", "created is a float", *at("created", 1741569952.37)),
    risky("X16", "created is a text", *at("created", "2025-03-10T01:25:52Z")),
    risky("X17", "model is a list", *at("model", ["gpt-4o-mini"])),
    risky("X18", "object in upper case", *at("object", "CHAT.COMPLETION")),
    breaking("X19", "role is model", *at(f"{MESSAGE}.role", "model")),
    breaking("X20", "role is user", *at(f"{MESSAGE}.role", "user")),
    risky("X21", "role is gone", *at(f"{MESSAGE}.role", ...)),
    breaking("X22", "content is null without a reason", *at(f"{MESSAGE}.content", None)),
    breaking("X23", "content is a number", *at(f"{MESSAGE}.content", 42)),
    breaking("X24", "content is empty", *at(f"{MESSAGE}.content", "")),
    breaking("X25", "message is a text", *at(MESSAGE, "The Danube")),
    breaking("X26", "legacy text is gone", *at("choices.0.text", ..., WHOLE_LEGACY)),
    breaking("X27", "text in place of message (legacy form)", PLAIN, edited(PLAIN, each(lambda c: c.update(text=c.pop("message")["content"])))),
    risky("X28", "index is a text", *at(f"{CHOICE}.index", "0")),
    risky("X29", "both choices have index 0", *at("choices.1.index", 0, PAIR)),
    risky("X30", "the choice has no index", *at(f"{CHOICE}.index", ...)),
    breaking("X31", "one choice for n=2", PAIR, answer(choice("Rhine"), ask={**ASK, "n": 2})),
    risky("X32", "usage is a list", *at("usage", [23, 11, 34])),
    risky("X33", "usage is a text", *at("usage", "34 tokens")),
    risky("X34", "total_tokens is a float", *at("usage.total_tokens", 34.5)),
    risky("X35", "completion_tokens is negative", *at("usage.completion_tokens", -1)),
    risky("X36", "usage in Anthropic's words", *at("usage", {"input_tokens": 23, "output_tokens": 11})),
    breaking("X37", "Anthropic's message in place of a completion", PLAIN, edited(PLAIN, lambda d: json.dumps({"id": "msg_1", "type": "message", "role": "assistant", "content": [{"type": "text", "text": "Danube"}], "stop_reason": "end_turn", "usage": {"input_tokens": 3, "output_tokens": 4}}).encode())),
    breaking("X38", "Gemini's candidates", PLAIN, edited(PLAIN, lambda d: json.dumps({"candidates": [{"content": {"parts": [{"text": "Danube"}]}, "finishReason": "STOP"}]}).encode())),
    breaking("X39", "Ollama's message", PLAIN, edited(PLAIN, lambda d: json.dumps({"model": "m", "message": {"role": "assistant", "content": "x"}, "done": True}).encode())),
    breaking("X40", "two objects in one body", PLAIN, with_body(PLAIN, body_of(PLAIN) * 2)),
    breaking("X41", "words after the JSON", PLAIN, with_body(PLAIN, body_of(PLAIN) + b"\n<!-- served by edge -->")),
    breaking("X42", "half a body, said to be whole", PLAIN, with_body(PLAIN, body_of(PLAIN)[:-30])),
    breaking("X43", "JSONP", PLAIN, with_body(PLAIN, b"callback(" + body_of(PLAIN) + b")")),
    breaking("X44", "UTF-16", PLAIN, with_body(PLAIN, body_of(PLAIN).decode().encode("utf-16"))),
    breaking("X45", "Latin-1", PLAIN, with_body(PLAIN, body_of(PLAIN).replace(b"Danube", b"Dan\xfcbe"))),
    risky("X46", "a byte order mark", PLAIN, with_body(PLAIN, b"\xef\xbb\xbf" + body_of(PLAIN))),
    risky("X47", "logprobs null although asked", *(answer({**choice(), "logprobs": v}, ask={**ASK, "logprobs": True}) for v in ({"content": [{"token": "The", "logprob": -0.1, "bytes": [84], "top_logprobs": []}], "refusal": None}, {"content": None, "refusal": None}))),
    # -- calls
    breaking("X48", "the second call's arguments encoded twice", *at(f"{MESSAGE}.tool_calls.1.function.arguments", json.dumps(SKUS[1]), calls())),
    breaking("X49", "arguments with single quotes", *at(f"{CALL}.function.arguments", "{'sku': 'A-17'}", calls())),
    breaking("X50", "arguments with True", *at(f"{CALL}.function.arguments", '{"sku": "A-17", "store": None}', calls())),
    breaking("X51", "a list of arguments", *at(f"{CALL}.function.arguments", '["A-17"]', calls())),
    breaking("X52", "a number where the schema has a text", *at(f"{CALL}.function.arguments", '{"sku": 17}', calls())),
    breaking("X53", "a required argument is missing", *at(f"{CALL}.function.arguments", '{"store": 4}', calls())),
    risky("X54", "an argument too many", *at(f"{CALL}.function.arguments", '{"sku": "A", "x": 1}', calls())),
    breaking("X55", "the name in another case", *at(f"{CALL}.function.name", "Get_Stock", calls())),
    breaking("X56", "the name with a prefix", *at(f"{CALL}.function.name", "functions.get_stock", calls())),
    breaking("X57", "name and arguments not in function", calls(), edited(calls(), each(lambda c: [t.update(t.pop("function")) for t in c["message"]["tool_calls"]]))),
    breaking("X58", "both calls have one id", *at(f"{MESSAGE}.tool_calls.1.id", "call_fA9x", calls())),
    breaking("X59", "an integer as id", *at(f"{CALL}.id", 0, calls())),
    breaking("X60", "type is tool", *at(f"{CALL}.type", "tool", calls())),
    breaking("X61", "tool_calls is an object", calls(), edited(calls(), each(lambda c: c["message"].update(tool_calls=c["message"]["tool_calls"][0])))),
    breaking("X62", "the legacy function_call", calls(), edited(calls(), each(lambda c: c["message"].update(function_call=c["message"].pop("tool_calls")[0]["function"])))),
    breaking("X63", "tool_calls empty under required", *at(f"{MESSAGE}.tool_calls", [], calls())),
    breaking("X64", "the arguments are cut", *at(f"{CALL}.function.arguments", '{"sku": "A-1', calls())),
    breaking("X65", "words around the arguments", *at(f"{CALL}.function.arguments", 'Sure: {"sku": "A-17"}', calls())),
    twin("X48", "numbers as floats", *at(f"{CALL}.function.arguments", '{"sku": "A-17", "store": 4.0}', calls())),
    twin("X55", "another tool of the request under auto", *(calls(stock(a, name=n), ask={**ASK_STOCK, "tool_choice": "auto"}) for n, a in (("get_stock", SKUS[0]), ("now", "{}")))),
    # -- structured output
    breaking("X66", "prose after the JSON", says(GOOD), says(GOOD + "\nI hope this helps.")),
    breaking("X67", "a byte order mark in the text", says(GOOD), says("\ufeff" + GOOD)),
    breaking("X68", "single quotes", says(GOOD), says(GOOD.replace('"', "'"))),
    breaking("X69", "Python's True", says(GOOD), says('{"city": "Ulm", "score": 3, "notes": None}')),
    breaking("X70", "a comma at the end", streams(GOOD), streams('{"city": "Ulm", "score": 3,}')),
    breaking("X71", "comments", says(GOOD), says('{"city": "Ulm", // the city\n "score": 3}')),
    breaking("X72", "JSON as a JSON text", says(GOOD), says(json.dumps(GOOD))),
    risky("X73", "an enum in another case", says(GOOD), says('{"city": "Ulm", "score": 3, "verdict": "Ok"}')),
    risky("X74", "the schema's name as a wrapper", says(GOOD), says(f'{{"report": {GOOD}}}')),
    breaking("X75", "NaN", says(GOOD), says('{"city": "Ulm", "score": NaN}')),
    breaking("X76", "a number with a fraction", says(GOOD), says('{"city": "Ulm", "score": 3.5}')),
    breaking("X77", "two objects", says(GOOD), says(f"{GOOD}\n{GOOD}")),
    breaking("X78", "the schema itself comes back", says(GOOD), says('{"type": "object", "properties": {"city": {"type": "string"}}}')),
    risky("X79", "a key twice", says(GOOD), says('{"city": "Ulm", "score": 3, "city": "Bonn"}')),
    breaking("X80", "think tags before the JSON", says(GOOD), says(f"<think>Hm</think>{GOOD}")),
    twin("X66", "keys in another order, escapes", says(GOOD), says('{"notes": [], "score": 3, "city": "\\u00dclm"}')),
    twin("X76", "an integer written as a float", says(GOOD), says('{"city": "Ulm", "score": 3.0}')),
    twin("X67", "a refusal in its own field", says(GOOD), answer(choice(None, refusal="I can't."), ask=ASK_JSON)),
    # -- embeddings
    breaking("X81", "an object of numbers", *at("data.0.embedding", {"0": 0.1, "1": 0.2}, batch())),
    breaking("X82", "numbers as texts", *at("data.1.embedding", [str(x) for x in vector(2)], batch())),
    breaking("X83", "a null in a vector", *at("data.1.embedding", [None, *vector(2)[1:]], batch())),
    breaking("X84", "nested once more", *at("data.0.embedding", [vector(1)], batch())),
    risky("X85", "integers", batch(), edited(batch(), lambda d: [i.update(embedding=[round(x * 127) for x in i["embedding"]]) for i in d["data"]] and None)),
    risky("X86", "not normalised", batch(), edited(batch(), lambda d: [i.update(embedding=[x * 12 for x in i["embedding"]]) for i in d["data"]] and None)),
    breaking("X87", "zeros for the last text", *at("data.2.embedding", [0.0] * 8, batch())),
    breaking("X88", "base64 with line feeds", BASE64, edited(BASE64, lambda d: [i.update(embedding=i["embedding"][:20] + "\n" + i["embedding"][20:]) for i in d["data"]] and None)),
    breaking("X89", "float64 in base64 reads as twice the width", BASE64, texts(*(encoded(vector(s), "<d") for s in (1, 2, 3)))),
    breaking("X90", "big-endian floats", BASE64, texts(*(encoded(vector(s), ">f") for s in (1, 2, 3)))),
    breaking("X91", "hex", BASE64, texts(*(base64.b64decode(encoded(vector(s))).hex() for s in (1, 2, 3)))),
    breaking("X92", "embeddings in place of data", batch(), edited(batch(), lambda d: d.update(embeddings=[i["embedding"] for i in d.pop("data")]))),
    breaking("X93", "a bare list of vectors", batch(), edited(batch(), lambda d: json.dumps([i["embedding"] for i in d["data"]]).encode())),
    breaking("X94", "all vectors the same", batch(), batch(1, 1, 1)),
    breaking("X95", "one vector for three texts", batch(), edited(batch(), lambda d: d.update(data=d["data"][:1]))),
    risky("X96", "another model of the same width", batch(width=24), batch(11, 12, 13, width=24)),
    twin("X86", "rounded to three places", batch(), edited(batch(), lambda d: [i.update(embedding=[round(x, 3) for x in i["embedding"]]) for i in d["data"]] and None)),
    # -- failures
    breaking("X97", "401 becomes 403", KEY, replace(refusal(403, "invalid_request_error", "invalid_api_key", "no"))),
    breaking("X98", "401 becomes 400", KEY, refusal(400, "invalid_request_error", "invalid_api_key", "no")),
    breaking("X99", "401 becomes a login page with 200", KEY, page(KEY, 200)),
    risky("X100", "404 becomes 200", UNKNOWN_MODEL, PLAIN),
    breaking("X102", "429 becomes 403", LIMITED, refusal(403, "requests", "rate_limit_exceeded")),
    breaking("X103", "an answer becomes a login page", PLAIN, page(PLAIN, 200)),
    breaking("X104", "an empty 200", PLAIN, with_body(PLAIN, b"")),
    breaking("X105", "204", PLAIN, with_body(labelled(PLAIN, 204), b"")),
    risky("X106", "201", PLAIN, labelled(PLAIN, 201)),
    risky("X107", "202 with the answer", PLAIN, labelled(PLAIN, 202)),
    breaking("X108", "202 with a job", PLAIN, with_body(labelled(PLAIN, 202), b'{"id": "job_1", "status": "queued"}')),
    risky("X109", "206", PLAIN, labelled(PLAIN, 206)),
    breaking("X110", "error.message is an object", *at("error.message", {"text": "no"}, bad())),
    breaking("X111", "error.message is gone", *at("error.message", ..., bad())),
    breaking("X112", "error.type is a number", *at("error.type", 400, bad())),
    breaking("X113", "errors in place of error", bad(), fails(400, {"errors": [{"message": "bad"}]})),
    breaking("X114", "success: false", bad(), fails(400, {"success": False, "msg": "bad", "code": 10001})),
    breaking("X115", "a problem document", bad(), fails(400, {"type": "about:blank", "title": "Bad Request", "status": 400}, content_type="application/problem+json")),
    breaking("X116", "an error is XML", bad(), with_body(bad(), b"<Error><Code>400</Code></Error>", content_type="application/xml")),
    breaking("X117", "the error's body is a JSON text", bad(), with_body(bad(), b'"bad request"')),
    breaking("X118", "error null under a 400", bad(), fails(400, {"error": None, "message": "bad"})),
    risky("X119", "Retry-After: soon", labelled(LIMITED, retry_after="3"), labelled(LIMITED, retry_after="soon")),
    risky("X120", "Retry-After: -1", labelled(LIMITED, retry_after="3"), labelled(LIMITED, retry_after="-1")),
    slight("X121", "429 becomes 529", LIMITED, refusal(529, "requests", "rate_limit_exceeded")),
    breaking("X122", "a failure wrapped in a list", bad(), edited(bad(), lambda d: json.dumps([d]).encode())),
    twin("X119", "a date", labelled(LIMITED, retry_after="3"), labelled(LIMITED, retry_after="Wed, 21 Oct 2025 07:28:00 GMT")),
    twin("X113", "further members of error", bad(), bad(request_id="r1", metadata={"provider": "x"})),
    # -- other endpoints
    breaking("X123", "a response without output", *at("output", ..., whole(response()))),
    breaking("X124", "a response's content is a text", *at("output.0.content", "Hello", whole(response()))),
    breaking("X125", "a call's call_id is null", *at("output.0.call_id", None, whole(response(function_call())))),
    breaking("X126", "a call's arguments are an object", *at("output.0.arguments", {"city": "Paris"}, whole(response(function_call())))),
    breaking("X127", "a failed response under 200", whole(response()), whole(response(status="failed", error={"code": "server_error", "message": "x"}, output=[]))),
    breaking("X128", "a chat completion for a response", whole(response()), edited(whole(response()), lambda d: json.loads(body_of(PLAIN)))),
    breaking("X129", "status done", *at("status", "done", whole(response()))),
    breaking("X130", "the role of a message is model", *at("output.0.role", "model", whole(response()))),
    risky("X131", "models as names", models(), edited(models(), lambda d: d.update(data=[m["id"] for m in d["data"]]))),
    risky("X132", "models under models", models(), edited(models(), lambda d: d.update(models=d.pop("data")))),
    risky("X133", "a model without id", models(), edited(models(), lambda d: d["data"][0].pop("id") and None)),
    harmless("X134", "a second message of a response", whole(response()), whole(response(message("a"), message("b")))),
    harmless("X135", "three calls for two under auto", *(calls(*(stock(id=f"c{i}") for i in range(n)), ask={**ASK_STOCK, "tool_choice": "auto"}) for n in (2, 3))),
    harmless("X136", "headers in any case", PLAIN, labelled(PLAIN, content_type="application/json; charset=UTF-8")),
    breaking("X137", "a plain request gets a stream", PLAIN, with_body(PLAIN, body_of(TOLD), content_type="text/event-stream")),
    breaking("X138", "the media type is text/html over JSON", PLAIN, labelled(PLAIN, content_type="text/html")),
    slight("X139", "the media type is application/problem+json over JSON", PLAIN, labelled(PLAIN, content_type="application/vnd.api+json")),
)  # fmt: skip
