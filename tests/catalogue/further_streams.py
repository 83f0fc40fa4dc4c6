"""What a hostile examiner tries by the same mechanisms, on streams. Y: drifts of our own making."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

from gate.model import Exchange
from tests.catalogue import Case, breaking, harmless, risky, slight, twin
from tests.catalogue.exchanges import (
    ASK,
    ASK_USAGE,
    RIVER,
    SKUS,
    body_of,
    both,
    calling,
    counted,
    each,
    edited,
    goes_on,
    labelled,
    legacy,
    nth,
    opened,
    patched,
    piece,
    pieces,
    said,
    timed,
    told,
    two,
    with_body,
    written,
)
from tests.catalogue.tools import of_calls
from tests.rules._responses import events, renumbered
from tests.rules._responses import told as responded
from tests.rules_table import plain, stream

TOLD, CALLS, PAIR, LEGACY = told(), calling(), two(), written()
RESPONSE = responded(events("The Danube."))
CALLS_ASK = json.loads(CALLS.request.body or b"{}")
DONE = b"data: [DONE]\n\n"


def frames(exchange: Exchange) -> list[bytes]:
    """The frames of a stream."""
    return [f + b"\n\n" for f in body_of(exchange).split(b"\n\n")[:-1]]


def before(number: int, data: bytes, exchange: Exchange = TOLD) -> tuple[Exchange, Exchange]:
    """The exchange, and the same with bytes before one of its frames."""
    found = frames(exchange)
    return exchange, with_body(exchange, b"".join([*found[:number], data, *found[number:]]))


def last(change: Any) -> Any:
    """A change of the chunk that finishes."""
    return each(lambda c: change(c) if c["finish_reason"] else None)


def only(*docs: object, **facts: Any) -> Exchange:
    """A stream of these events alone."""
    return stream(*docs, request=ASK_USAGE, **facts)


CASES: tuple[Case, ...] = (
    # -- framing
    risky("Y01", "CR alone in the middle", TOLD, with_body(TOLD, b"".join(f.replace(b"\n", b"\r") if 3 < n < 6 else f for n, f in enumerate(frames(TOLD))))),
    breaking("Y02", "two objects in one data line", TOLD, edited(TOLD, nth(2, lambda d: b"data: " + json.dumps(d).encode() * 2 + b"\n\n"))),
    risky("Y03", "two frames without a blank line between", TOLD, with_body(TOLD, b"".join(f[:-1] if n == 3 else f for n, f in enumerate(frames(TOLD))))),
    risky("Y04", "a byte order mark at the start", TOLD, with_body(TOLD, b"\xef\xbb\xbf" + body_of(TOLD))),
    breaking("Y05", "a byte order mark in the middle", *before(4, b"\xef\xbb\xbf")),
    slight("Y06", "words after [DONE]", TOLD, with_body(TOLD, body_of(TOLD) + b"data: bye\n\n")),
    breaking("Y07", "the usage after [DONE]", TOLD, with_body(TOLD, b"".join([*frames(TOLD)[:-2], DONE, frames(TOLD)[-2]]))),
    breaking("Y08", "[DONE] in the middle", *before(4, DONE)),
    slight("Y09", "[DONE] twice", TOLD, with_body(TOLD, body_of(TOLD) + DONE)),
    risky("Y10", "DONE without brackets", TOLD, with_body(TOLD, body_of(TOLD).replace(b"[DONE]", b"DONE"))),
    risky("Y11", "[done]", TOLD, with_body(TOLD, body_of(TOLD).replace(b"[DONE]", b"[done]"))),
    risky("Y12", "the sentinel in JSON quotes", TOLD, with_body(TOLD, body_of(TOLD).replace(b"[DONE]", b'"[DONE]"'))),
    breaking("Y13", "event: error with words", *before(5, b"event: error\ndata: upstream timeout\n\n")),
    breaking("Y14", "keep-alives of {}", *before(3, b"data: {}\n\n")),
    breaking("Y15", "keep-alives of null", *before(3, b"data: null\n\n")),
    breaking("Y16", "keep-alives of []", *before(3, b"data: []\n\n")),
    breaking("Y17", 'keep-alives of "ping"', *before(3, b'data: "ping"\n\n')),
    breaking("Y18", "keep-alives of a type", *before(3, b'data: {"type": "ping"}\n\n')),
    breaking("Y19", "ping in a Responses stream", *before(4, b"data: {}\n\n", RESPONSE)),
    breaking("Y20", "comments only", TOLD, with_body(TOLD, b": ping\n\n" * 4)),
    breaking("Y21", "the role alone", TOLD, only(said()[0])),
    breaking("Y22", "[DONE] alone", TOLD, only()),
    breaking("Y23", "an empty body", TOLD, with_body(TOLD, b"")),
    breaking("Y24", "a page", TOLD, with_body(TOLD, b"<!DOCTYPE html><html></html>", content_type="text/html")),
    breaking("Y25", "frames without data:", TOLD, with_body(TOLD, b"".join(f.removeprefix(b"data: ") for f in frames(TOLD)))),
    breaking("Y26", "a JSON list of chunks", TOLD, with_body(TOLD, json.dumps([json.loads(f[6:]) for f in frames(TOLD)[:-1]]).encode())),
    breaking("Y27", "Data: in upper case", TOLD, with_body(TOLD, body_of(TOLD).replace(b"data: ", b"Data: "))),
    breaking("Y28", "a blank before data:", TOLD, with_body(TOLD, body_of(TOLD).replace(b"data: ", b" data: "))),
    breaking("Y29", "JSON with single quotes in one chunk", TOLD, edited(TOLD, nth(4, lambda d: b"data: " + str(d).encode() + b"\n\n"))),
    breaking("Y30", "a chunk as a JSON text", TOLD, edited(TOLD, nth(4, lambda d: b"data: " + json.dumps(json.dumps(d)).encode() + b"\n\n"))),
    breaking("Y31", "each chunk in a list", TOLD, edited(TOLD, lambda d: b"data: " + json.dumps([d]).encode() + b"\n\n")),
    breaking("Y32", "bytes that are no UTF-8", told("Größe ", "zwei"), with_body(TOLD, body_of(told("Größe ", "zwei")).replace(b"\\u00f6", b"\xf6"))),
    risky("Y33", "a character cut in two", told("日", "本", "語"), told("\ufffd", "\ufffd本", "語")),
    risky("Y34", "deflate", TOLD, with_body(TOLD, zlib.compress(body_of(TOLD)), content_encoding="deflate")),
    risky("Y35", "text/plain over a stream", TOLD, labelled(TOLD, content_type="text/plain")),
    risky("Y36", "application/json over a stream", CALLS, labelled(CALLS, content_type="application/json")),
    breaking("Y37", "gzip is claimed", timed(TOLD, 10), timed(labelled(TOLD, content_encoding="gzip"), 10)),
    twin("Y34", "gzip on both", *(with_body(told(t), gzip.compress(body_of(told(t)), mtime=0), content_encoding="gzip") for t in ("a", "b"))),
    # -- chunks
    breaking("Y38", "the finish of the first choice alone is Gemini's", PAIR, edited(PAIR, each(lambda c: c["index"] == 0 and c["finish_reason"] and c.update(finish_reason="STOP")))),
    breaking("Y39", "finish_reason is an object", TOLD, edited(TOLD, last(lambda c: c.update(finish_reason={"type": "stop"})))),
    breaking("Y40", "finish_reason on every chunk", TOLD, patched(TOLD, "choices.0.finish_reason", "stop")),
    breaking("Y41", "finish_reason on the first chunk, and then null", TOLD, edited(TOLD, nth(1, each(lambda c: c.update(finish_reason="stop"))))),
    breaking("Y42", "content is a list", TOLD, edited(TOLD, each(lambda c: "content" in c["delta"] and c["delta"].update(content=[{"type": "text", "text": c["delta"]["content"]}])))),
    breaking("Y43", "message in place of delta", TOLD, edited(TOLD, each(lambda c: c.update(message=c.pop("delta"))))),
    breaking("Y44", "text in place of delta", TOLD, edited(TOLD, each(lambda c: c.update(text=c.pop("delta").get("content", ""))))),
    breaking("Y45", "choices is an object", TOLD, edited(TOLD, lambda d: d["choices"] and d.update(choices={"0": d["choices"][0]}))),
    breaking("Y46", "choices is null on the usage chunk", TOLD, edited(TOLD, lambda d: None if d["choices"] else d.update(choices=None))),
    breaking("Y47", "no choices key on the usage chunk", TOLD, edited(TOLD, lambda d: None if d["choices"] else d.pop("choices") and None)),
    breaking("Y48", "role after the content", TOLD, stream(*said()[1:3], said()[0], *said()[3:], counted(), request=ASK_USAGE)),
    breaking("Y49", "role model", TOLD, edited(TOLD, each(lambda c: "role" in c["delta"] and c["delta"].update(role="model")))),
    risky("Y50", "usage before the finish", TOLD, stream(*said()[:-1], counted(), said()[-1], request=ASK_USAGE)),
    breaking("Y51", "content after the finish", TOLD, stream(*said(), piece({"content": " Really."}), counted(), request=ASK_USAGE)),
    breaking("Y52", "each delta says all so far", TOLD, told(*("".join(RIVER[: n + 1]) for n in range(len(RIVER))))),
    risky("Y53", "the last delta says all again", TOLD, told(*RIVER, "".join(RIVER))),
    breaking("Y54", "the finish has no choices index", PAIR, edited(PAIR, each(lambda c: c.pop("index")))),
    risky("Y55", "object says chat.completion", TOLD, patched(TOLD, "object", "chat.completion")),
    risky("Y56", "created is a float", TOLD, patched(TOLD, "created", 1741569952.5)),
    risky("Y57", "id is null", TOLD, patched(TOLD, "id", None)),
    breaking("Y58", "legacy text is null", LEGACY, patched(LEGACY, "choices.0.text", None)),
    breaking("Y59", "chat chunks on the legacy path", LEGACY, written(*said("a", "b"))),
    breaking("Y60", "legacy chunks on the chat path", TOLD, only(legacy("a"), legacy("b", "stop"), counted())),
    breaking("Y61", "a message in one chunk, no stream of it", TOLD, only({**piece(), "object": "chat.completion", "choices": [{"index": 0, "message": {"role": "assistant", "content": "x"}, "finish_reason": "stop"}]}, counted())),
    breaking("Y62", "usage counts are texts", TOLD, edited(TOLD, lambda d: None if d["choices"] else d.update(usage={k: str(v) for k, v in d["usage"].items() if type(v) is int}))),
    breaking("Y63", "an error with a number as code, then [DONE]", TOLD, only(*said()[:4], {"error": {"message": "x", "code": 502}})),
    breaking("Y64", "detail as an event", TOLD, only(*said()[:4], {"detail": "upstream lost"})),
    breaking("Y65", "the error as a text", TOLD, only(*said()[:4], {"error": "boom"})),
    breaking("Y66", "an error object beside a whole answer", TOLD, only(*said(), counted(), {"error": {"message": "late"}})),
    # -- calls
    breaking("Y67", "null as the id of the second call", CALLS, edited(CALLS, of_calls(lambda c: c["index"] == 1 and "id" in c and c.update(id=None)))),
    breaking("Y68", "a piece of the arguments comes twice", CALLS, calling(opened(), *(goes_on(p) for p in pieces(SKUS[0])[:1] * 2 + pieces(SKUS[0])[1:]))),
    breaking("Y69", "each piece says all so far", CALLS, calling(opened(), *(goes_on(SKUS[0][:n]) for n in (5, 11, 16, len(SKUS[0]))))),
    breaking("Y70", "a piece is lost", CALLS, calling(opened(), *(goes_on(p) for p in pieces(SKUS[0])[:1] + pieces(SKUS[0])[2:]))),
    breaking("Y71", "the whole again at the end", CALLS, calling(opened(), *map(goes_on, pieces(SKUS[0])), goes_on(SKUS[0]))),
    breaking("Y72", "{} before the pieces", CALLS, calling(opened(arguments="{}"), *map(goes_on, pieces(SKUS[0])))),
    breaking("Y73", "encoded twice", CALLS, calling(opened(), *map(goes_on, pieces(json.dumps(SKUS[0]))))),
    breaking("Y74", "the call in message", CALLS, edited(CALLS, each(lambda c: c["delta"].get("tool_calls") and c.update(message=c.pop("delta"), delta={})))),
    breaking("Y75", "tool_calls is an object", CALLS, edited(CALLS, each(lambda c: c["delta"].get("tool_calls") and c["delta"].update(tool_calls=c["delta"]["tool_calls"][0])))),
    breaking("Y76", "the deltas of two calls interleave without indexes", CALLS, edited(calling(*(d for pair in zip(both(20)[:2], both(20)[3:5], strict=True) for d in pair)), of_calls(lambda c: c.pop("index")))),
    breaking("Y77", "no arguments come at all", CALLS, calling(opened(), opened(1, "call_k2Lm"))),
    breaking("Y78", "the name is null throughout", CALLS, edited(CALLS, of_calls(lambda c: c["function"].update(name=None)))),
    breaking("Y79", "finish before the arguments", CALLS, stream(piece({"role": "assistant", "content": None}), piece({"tool_calls": [opened()]}), piece({}, "tool_calls"), piece({"tool_calls": [goes_on(SKUS[0])]}), counted(), request=CALLS_ASK)),
    twin("Y76", "two calls take turns", CALLS, calling(*(d for pair in zip(both(), [*both()][len(both()) // 2 :], strict=False) for d in pair))),
    harmless("Y80", "two calls in one chunk", CALLS, stream(piece({"role": "assistant", "content": None}), piece({"tool_calls": [opened(0, "a", arguments=SKUS[0]), opened(1, "b", arguments=SKUS[1])]}), piece({}, "tool_calls"), counted(), request=CALLS_ASK)),
    # -- Responses
    breaking("Y81", "a delta is an object", RESPONSE, edited(RESPONSE, lambda d: "delta" in d and d.update(delta={"text": d["delta"]}))),
    breaking("Y82", "no type", RESPONSE, patched(RESPONSE, "type", ...)),
    breaking("Y83", "the types without response.", RESPONSE, edited(RESPONSE, lambda d: d.update(type=d["type"].removeprefix("response.")))),
    breaking("Y84", "output_index is gone", RESPONSE, patched(RESPONSE, "output_index", ...)),
    breaking("Y85", "chat chunks on the Responses path", RESPONSE, responded(said("a", "b"))),
    breaking("Y86", "response.done for completed", RESPONSE, edited(RESPONSE, lambda d: d["type"] == "response.completed" and d.update(type="response.done"))),
    breaking("Y87", "ends before output_item.done", RESPONSE, responded(renumbered([*events("The Danube.")[:8]]))),
    breaking("Y88", "an error event at the end", RESPONSE, responded(renumbered([*events("x")[:6], {"type": "error", "code": "server_error", "message": "boom", "param": None}]))),
    risky("Y89", "created comes last", RESPONSE, responded(renumbered([*events("x")[1:-1], events("x")[0], events("x")[-1]]))),
    breaking("Y90", "one JSON body for a Responses stream", RESPONSE, plain(events("x")[-1]["response"], {"model": "m", "input": "Hi", "stream": True}, url="/v1/responses")),
    # -- harmless
    harmless("Y91", "a long stream and a short one", told(*"abcdefghij" * 20), told("ok")),
    harmless("Y92", "unicode escaped or not", told("Größe"), with_body(told("Größe"), body_of(told("Größe")).replace(b"\\u00f6", "ö".encode()))),
    harmless("Y93", "emoji over two deltas as whole characters", told("👍", "👎"), told("👍👎")),
    harmless("Y94", "content that reads like the sentinel", TOLD, told("data: [DONE]", "\n\n", "[DONE]")),
    harmless("Y95", "text that reads like JSON, an error, a call", TOLD, told('{"error": {"message": "x"}}', " <html>", " null")),
    harmless("Y96", "choices of two in blocks or by turns", PAIR, stream(*said("The ", "Rhine."), *said("The ", "Loire.", index=1), request={**ASK, "n": 2})),
    harmless("Y97", "a refusal", TOLD, only(said()[0], piece({"refusal": "I can't"}), piece({"refusal": " help."}), said()[-1], counted())),
    harmless("Y98", "chunks of one read", timed(LEGACY, 1, 1, 1, 1, 1), LEGACY),
)  # fmt: skip
