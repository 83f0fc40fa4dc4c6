"""More of the same mechanisms: values, numbering, calls and statuses. Z: of our own making."""

from __future__ import annotations

import json

from tests.catalogue import Case, breaking, harmless, risky, slight
from tests.catalogue.elsewhere import moderation
from tests.catalogue.embeddings import batch
from tests.catalogue.errors import bad
from tests.catalogue.exchanges import (
    ASK,
    ASK_USAGE,
    SKUS,
    answer,
    body_of,
    calling,
    calls,
    choice,
    counted,
    each,
    edited,
    labelled,
    models,
    nth,
    opened,
    patched,
    piece,
    said,
    told,
    two,
    with_body,
)
from tests.catalogue.further import at
from tests.catalogue.responses import GOLDEN
from tests.rules._responses import function_call, message, response, whole
from tests.rules_table import plain, refusal, stream

PLAIN, TOLD, CALLS = answer(), told(), calling()
PAIR = answer(choice("Rhine"), choice("Loire", 1), ask={**ASK, "n": 2})
ASK_WEATHER = {
    "model": "m",
    "input": "x",
    "tools": [
        {
            "type": "function",
            "name": "get_weather",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
        }
    ],
}

CASES: tuple[Case, ...] = (
    breaking("Z87", "one choice for n=2 streamed", two(), stream(*said("The ", "Rhine."), request={**ASK, "n": 2})),
    harmless("Z88", "refusal empty", PLAIN, answer(choice(refusal=""))),
    risky("Z89", "tool_calls []", PLAIN, answer(choice(tool_calls=[]))),
    harmless("Z90", "annotations null", PLAIN, answer(choice(annotations=None))),
    harmless("Z91", "content '' beside calls", calls(), calls(text="")),
    risky("Z92", "index 1 for the only choice", *at("choices.0.index", 1)),
    risky("Z93", "item_id gone", GOLDEN, patched(GOLDEN, "item_id", ...)),
    risky("Z94", "content_index gone", GOLDEN, patched(GOLDEN, "content_index", ...)),
    breaking("Z95", "response.text.delta", GOLDEN, edited(GOLDEN, lambda d: d.update(type=d["type"].replace("output_text", "text")))),
    risky("Z96", "tab after data:", TOLD, with_body(TOLD, body_of(TOLD).replace(b"data: ", b"data:\t"))),
    breaking("Z97", "created NaN", PLAIN, with_body(PLAIN, body_of(PLAIN).replace(b'"created": 1741569952', b'"created": NaN'))),
    breaking("Z98", "trailing comma", PLAIN, with_body(PLAIN, body_of(PLAIN)[:-1]+b",}")),
    harmless("Z99", "logprobs {}", PLAIN, answer({**choice(), "logprobs": {}})),
    risky("Z100", "length without any limit", PLAIN, answer(choice(finish="length"))),
    breaking("Z101", "tool call without function key", calls(), edited(calls(), each(lambda c: [t.pop("function") for t in c["message"]["tool_calls"]]))),
    breaking("Z102", "function is a string", calls(), edited(calls(), each(lambda c: [t.update(function="get_stock") for t in c["message"]["tool_calls"]]))),
    breaking("Z103", "tool_calls null under required", *at("choices.0.message.tool_calls", None, calls())),
    breaking("Z104", "finish tool_calls null", calls(), calls(finish=None)),
    breaking("Z105", "delta.tool_calls in message role tool", calls(), edited(calls(), each(lambda c: c["message"].update(role="tool")))),
    risky("Z106", "indexes as texts in a stream", TOLD, edited(TOLD, each(lambda c: c.update(index=str(c["index"]))))),
    breaking("Z107", "an error as a text in the stream", TOLD, with_body(TOLD, body_of(TOLD)[:800].rsplit(b"\n\n", 1)[0]+b"\n\ndata: {\"error\":\"overloaded\"}\n\ndata: [DONE]\n\n")),
    breaking("Z108", "usage only in header", TOLD, labelled(edited(TOLD, lambda d: None if d["choices"] else [b""]), x_usage="34")),
    harmless("Z109", "model case", *(answer(model=m, ask={**ASK, "model": "gpt-4o-mini"}) for m in ("gpt-4o-mini-2024-07-18", "gpt-4o-mini"))),
    breaking("Z110", "arguments with raw newline", *at("choices.0.message.tool_calls.0.function.arguments", '{"sku": "A\n17"}', calls())),
    breaking("Z111", "models 401", models(), refusal(401, code="invalid_api_key")),
    risky("Z112", "models data {}", *at("data", {}, models())),
    breaking("Z113", "embedding item text only", *at("data.0", [0.1, 0.2], batch())),
    risky("Z114", "embedding key is vector", batch(), edited(batch(), lambda d: [i.update(vector=i.pop("embedding")) for i in d["data"]] and None)),
    breaking("Z115", "error 200 stream before anything with finish", TOLD, stream({"error": {"message": "Rate limit", "type": "rate_limit"}}, request=ASK_USAGE)),
    breaking("Z116", "stream answered by 202 empty", TOLD, with_body(labelled(TOLD, 202), b"", content_type="application/json")),
    breaking("Z117", "message.tool_calls JSON string", calls(), edited(calls(), each(lambda c: c["message"].update(tool_calls=json.dumps(c["message"]["tool_calls"]))))),
    breaking("Z118", "choices JSON string", PLAIN, edited(PLAIN, lambda d: d.update(choices=json.dumps(d["choices"])))),
    risky("Z119", "id differs at finish chunk only", TOLD, edited(TOLD, lambda d: d["choices"] and d["choices"][0]["finish_reason"] and d.update(id="chatcmpl-x2"))),
    slight("Z120", "id differs on usage chunk", TOLD, edited(TOLD, lambda d: None if d["choices"] else d.update(id="zz"))),
    breaking("Z121", "one delta is an object", TOLD, edited(TOLD, nth(1, each(lambda c: c["delta"].update(content={"type": "text", "text": "x"}))))),
    harmless("Z122", "finish chunk with nulls", TOLD, edited(TOLD, each(lambda c: c["finish_reason"] and c["delta"].update(role=None, content=None, tool_calls=None)))),
    breaking("Z123", "Responses: output_text empty", whole(response()), whole(response(message("")))),
    breaking("Z124", "Responses: arguments not json", whole(response(function_call())), whole(response(function_call(arguments="{city: Paris}")))),
    breaking("Z125", "Responses call name case", plain(response(function_call()), ASK_WEATHER, url="/v1/responses"), plain(response(function_call(name="getWeather")), ASK_WEATHER, url="/v1/responses")),
    breaking("Z126", "Responses usage chat names", whole(response()), whole(response(usage={"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}))),
    breaking("Z127", "moderation flagged missing", *at("results.0.flagged", ..., moderation())),
    breaking("Z128", "status 200 with error & choices", PLAIN, edited(PLAIN, lambda d: d.update(error={"message": "partial", "code": 502}))),
    risky("Z129", "error.param list", *at("error.param", ["a"], bad())),
    breaking("Z130", "409 for served", PLAIN, refusal(409)),
    risky("Z131", "400→404", bad(), bad(404)),
    risky("Z132", "404→400", *(refusal(s, code="model_not_found") for s in (404, 400))),
    breaking("Z133", "401 envelope bare message", refusal(401, code="invalid_api_key"), plain({"message": "Unauthorized", "request_id": "r"}, status=401)),
    risky("Z134", "[DONE] without data:", TOLD, with_body(TOLD, body_of(TOLD).replace(b"data: [DONE]", b"[DONE]"))),
    breaking("Z135", "interleaved choices swapped role names", two(), edited(two(), each(lambda c: c["delta"].get("role") and c["delta"].update(role="user")))),
    risky("Z136", "the call before the role", CALLS, stream(piece({"tool_calls": [opened()]}), piece({"role": "assistant", "content": None}), piece({"tool_calls": [{"index": 0, "function": {"arguments": SKUS[0]}}]}), piece({}, "tool_calls"), counted(), request=json.loads(CALLS.request.body or b"{}"))),
    slight("Z137", "the role twice", TOLD, edited(TOLD, nth(0, lambda d:[d, d]))),
    breaking("Z140", "each delta comes twice", TOLD, edited(TOLD, lambda d: [d, d] if d["choices"] and d["choices"][0]["delta"].get("content") else None)),
    harmless("Z141", "words that the model says twice", TOLD, told("That ", "that ", "is ", "is ", "so", ".")),
)  # fmt: skip
