"""Area tools: how calls are told apart, named, filled, ended and brought back."""

from __future__ import annotations

import json
from typing import Any

from gate.model import Exchange, Severity
from tests.catalogue import Case, breaking, risky, slight, twin
from tests.catalogue.exchanges import (
    ASK,
    ASK_STOCK,
    CLOCK,
    SKUS,
    STOCK,
    answer,
    both,
    calling,
    calls,
    choice,
    counted,
    counting,
    each,
    edited,
    goes_on,
    nth,
    opened,
    patched,
    piece,
    stock,
    told,
)
from tests.rules_table import plain, refusal, stream

CALLS = calling()
PLAIN = calls()
AUTO = {**ASK_STOCK, "tool_choice": "auto"}
NAMED = {**ASK_STOCK, "tool_choice": {"type": "function", "function": {"name": "get_stock"}}}


def of_calls(change: Any) -> Any:
    """A change of each delta of a call."""
    return each(lambda c: [change(call) for call in c["delta"].get("tool_calls", [])] and None)


def turned(status: int, body: Any, *history: dict[str, Any], ask: dict[str, Any] = ASK_STOCK) -> Exchange:
    """The second turn of a conversation: the history goes out, and this comes back."""
    request = {**ask, "messages": [*ASK["messages"], *history]}
    return answer(choice("4 in store."), ask=request) if status == 200 else plain(body, request, status=status)


def reply(id: str = "call_fA9x", **message: Any) -> tuple[dict[str, Any], ...]:
    """An assistant's turn with a call, and the tool's answer."""
    said = {"role": "assistant", "content": None, "tool_calls": [stock(id=id)], **message}
    return said, {"role": "tool", "tool_call_id": id, "content": "4"}


def refused(message: str, status: int = 400) -> dict[str, Any]:
    """An error body."""
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}


SIGNED = {"extra_content": {"google": {"thought_signature": "CpQBAdHtim8="}}}
NOW = stock("{}", name="now")

CASES: tuple[Case, ...] = (
    breaking("TL01", "two calls without", CALLS, edited(CALLS, of_calls(lambda c: c.pop("index")))),
    breaking("TL01", "null", CALLS, edited(CALLS, of_calls(lambda c: c.update(index=None)))),
    breaking("TL01", "only the continuation", CALLS, edited(CALLS, of_calls(lambda c: "id" not in c and c.pop("index")))),
    breaking("TL01", "a text", CALLS, edited(CALLS, of_calls(lambda c: c.update(index=str(c["index"]))))),
    twin("TL01", "plain answers have none", PLAIN, calls(stock(SKUS[1]), stock(SKUS[0], "call_zz"))),
    breaking("TL02", "the second call is 0 as well", CALLS, edited(CALLS, of_calls(lambda c: c.update(index=0)))),
    breaking("TL02", "both whole, in one chunk each", CALLS, calling(opened(0, "a", arguments=SKUS[0]), opened(0, "b", arguments=SKUS[1]))),
    breaking("TL02", "indexes from 1", CALLS, edited(CALLS, of_calls(lambda c: c.update(index=c["index"] + 1)))),
    twin("TL02", "the second opens first, each keeps its index", CALLS, calling(opened(1, "b", arguments=SKUS[1]), opened(0, "a", arguments=SKUS[0]))),
    breaking("TL04", "the second call has none", CALLS, edited(CALLS, of_calls(lambda c: c["index"] and c.pop("id", None)))),
    breaking("TL04", "an empty one", CALLS, edited(CALLS, of_calls(lambda c: "id" in c and c.update(id="")))),
    breaking("TL04", "null in the second plain call", PLAIN, patched(PLAIN, "choices.0.message.tool_calls.1.id", None)),
    breaking("TL04", "it comes with the last piece", CALLS, calling({k: v for k, v in opened().items() if k != "id"}, {**goes_on(SKUS[0]), "id": "call_fA9x"})),
    twin("TL04", "absent later", edited(CALLS, of_calls(lambda c: c.update(id=("call_fA9x", "call_k2Lm")[c["index"]]))), CALLS),
    breaking("TL06", "nulls later", CALLS, edited(CALLS, of_calls(lambda c: c.update(id=c.get("id"), type=c.get("type"), function={"name": None, **c["function"]})))),
    twin("TL06", "absent", edited(CALLS, of_calls(lambda c: c.update(id=c.get("id"), type=c.get("type")))), CALLS),
    risky("TL07", "in the second call", CALLS, edited(CALLS, of_calls(lambda c: c["index"] and c.update(id=c.get("id", "call_new"))))),
    risky("TL07", "a fresh one on each delta", CALLS, edited(CALLS, of_calls(counting(lambda c, n: c.update(id=f"call_{n}"))))),
    twin("TL07", "the same on each delta", CALLS, edited(CALLS, of_calls(lambda c: c.update(id=("a", "b")[c["index"]])))),
    breaking("TL08", "in each delta of both", CALLS, edited(CALLS, of_calls(lambda c: c["function"].update(name="get_stock")))),
    breaking("TL08", "once more at the end", CALLS, calling(opened(), goes_on(SKUS[0]), {"index": 0, "function": {"name": "get_stock", "arguments": ""}})),
    twin("TL08", "empty and null later", CALLS, edited(CALLS, of_calls(lambda c: c["function"].update(name=c["function"].get("name", ""))))),
    breaking("TL09", "get_st + ock", CALLS, calling(opened(name="get_st"), {"index": 0, "function": {"name": "ock"}}, goes_on(SKUS[0]))),
    twin("TL09", "arguments in other pieces", CALLS, calling(*both(3))),
    breaking("TL11", "null in the stream", CALLS, edited(CALLS, of_calls(lambda c: "type" in c and c.update(type=None)))),
    breaking("TL11", "gone from the second plain call", PLAIN, patched(PLAIN, "choices.0.message.tool_calls.1.type", ...)),
    breaking("TL11", "empty", PLAIN, patched(PLAIN, "choices.0.message.tool_calls.0.type", "")),
    twin("TL11", "absent later", edited(CALLS, of_calls(lambda c: c.update(type="function"))), CALLS),
    breaking("TL13", "the second call's, plain", PLAIN, patched(PLAIN, "choices.0.message.tool_calls.1.function.arguments", {"sku": "B-2"})),
    breaking("TL13", "streamed", CALLS, calling(opened(arguments={"sku": "A-17"}))),  # type: ignore[arg-type]
    breaking("TL13", "a list", PLAIN, patched(PLAIN, "choices.0.message.tool_calls.0.function.arguments", [])),
    twin("TL13", "white space and key order", PLAIN, calls(stock('{ "store": 4,\n "sku": "A-17" }'))),
    risky("TL14", "empty, plain", calls(NOW), calls(stock("", name="now"))),
    risky("TL14", "null, plain", calls(NOW), calls(stock(None, name="now"))),
    risky("TL14", "no key", calls(NOW), edited(calls(NOW), each(lambda c: c["message"]["tool_calls"][0]["function"].pop("arguments")))),
    twin("TL14", "empty in the opening delta", CALLS, calling(opened(), goes_on(SKUS[0]))),
    breaking("TL16", "two calls, streamed", CALLS, calling(finish="stop")),
    breaking("TL16", "plain, auto", calls(ask=AUTO), calls(ask=AUTO, finish="stop")),
    twin("TL16", "a named function", calls(ask=NAMED), calls(ask=NAMED, finish="stop")),
    breaking("TL18", "Hermes' tags, streamed", calling(ask=AUTO), told('<tool_call>\n{"name": "get_', 'stock", "arguments": {"sku": "A-17"}}\n</tool_call>', ask=AUTO)),
    breaking("TL18", "Mistral's mark", PLAIN, answer(choice('[TOOL_CALLS][{"name": "get_stock", "arguments": {"sku": "A-17"}}]'), ask=AUTO)),
    Case("TL18", "drift", "beside a real call", PLAIN, calls(stock(), text='<function=get_stock>{"sku": "B-2"}</function>'), Severity.RISKY),
    twin("TL18", "prose that names the tool", calls(ask=AUTO), answer(choice("I would use get_stock(sku) for that."), ask=AUTO)),
    breaking("TL19", "prose, streamed", CALLS, told("There are four.", ask=ASK_STOCK)),
    breaking("TL19", "a named function, plain", calls(ask=NAMED), answer(choice("Four."), ask=NAMED)),
    breaking("TL19", "another function than the named one", calls(stock(), ask=NAMED), calls(NOW, ask=NAMED)),
    twin("TL19", "auto leaves the choice", calls(ask=AUTO), answer(choice("Which SKU?"), ask=AUTO)),
    breaking("TL20", "the object", calls(ask=NAMED), refusal(400, message="Invalid tool_choice type: 'object'. Supported: none, auto, required", request=NAMED)),
    breaking("TL20", "required, 422 with detail", PLAIN, plain({"detail": "tool_choice: unexpected value"}, ASK_STOCK, status=422)),
    twin("TL20", "refused by both", *(refusal(400, message=m, request=NAMED) for m in ("Invalid tool_choice", "Invalid 'tool_choice'."))),
    risky("TL21", "no text beside calls, several samples", [calls(text=f"Let me look {i}.") for i in range(3)], [calls() for _ in range(3)]),
    twin("TL21", "one sample without a preamble", [calls(text="Let me look."), calls()], calls()),
    twin("TL21", "one golden, one candidate", calls(text="Let me look."), calls()),
    breaking("TL22", "the second turn refuses the id", turned(200, None, *reply()), turned(400, refused("Tool call id was call_49c89af0 but must be a-z, A-Z, 0-9, with a length of 9."), *reply("call_49c89af0"))),
    breaking("TL22", "with a 500", turned(200, None, *reply()), turned(500, refused("Tool call id was call_49c89af0"), *reply("call_49c89af0"))),
    twin("TL22", "another id that works", turned(200, None, *reply()), turned(200, None, *reply("chatcmpl-tool-9f2e"))),
    breaking("TL23", "the signature is stripped", calls(stock(**SIGNED)), calls(stock())),
    breaking("TL23", "streamed", calling({**opened(arguments=SKUS[0]), **SIGNED}), calling(opened(arguments=SKUS[0]))),
    breaking("TL23", "the second turn says so", turned(200, None, *reply()), turned(400, [{"error": {"code": 400, "message": "Function call is missing a thought_signature", "status": "INVALID_ARGUMENT"}}], *reply())),
    twin("TL23", "another value", calls(stock(**SIGNED)), calls(stock(extra_content={"google": {"thought_signature": "Zm9v"}}))),
    breaking("TL24", "Gemini's list of errors", PLAIN, plain([{"error": {"code": 400, "message": 'Unknown name "additionalProperties" at \'tools[0]\'', "status": "INVALID_ARGUMENT"}}], ASK_STOCK, status=400)),
    twin("TL24", "accepted, another answer", PLAIN, calls(stock('{"sku":"Z"}'))),
    breaking("TL26", "name only", calling(opened(name="now"), goes_on("{}")), calling({"index": 0, "id": "c", "type": "function", "function": {"name": "now"}})),
    breaking("TL26", "arguments null", calling(opened(name="now"), goes_on("{}")), calling(opened(name="now", arguments=None))),  # type: ignore[arg-type]
    twin("TL26", "name and {} in one delta", calling(opened(name="now"), goes_on("{}")), calling(opened(name="now", arguments="{}"))),
    slight("TL06", "on the opening delta of nothing", CALLS, edited(CALLS, nth(0, each(lambda c: c["delta"].update(tool_calls=None))))),
    twin("TL18", "a call in JSON that is an example", *(answer(choice(t), ask=ASK) for t in ("Like this.", json.dumps({"name": "x", "arguments": {}})))),
    twin("TL13", "tools but a text", *(answer(choice(t), ask={**ASK, "tools": [STOCK, CLOCK]}) for t in ("Hello.", "Hi."))),
    twin("TL16", "text, then a call, in a stream", calling(opened(arguments=SKUS[0]), ask=AUTO), stream(piece({"role": "assistant", "content": "Let me look."}), piece({"tool_calls": [opened(arguments=SKUS[1])]}), piece({}, "tool_calls"), counted(), request=AUTO)),
)  # fmt: skip
