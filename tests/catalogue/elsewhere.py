"""Further mechanisms: other endpoints, several samples, the functions of old, names of events. Z: of our own making."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from gate.model import Ending, Exchange
from tests.catalogue import Case, breaking, harmless, risky, slight, tolerable, twin
from tests.catalogue.embeddings import batch
from tests.catalogue.errors import LIMITED, bad
from tests.catalogue.exchanges import (
    ASK,
    ASK_USAGE,
    CLOCK,
    SKUS,
    STOCK,
    USAGE,
    answer,
    body_of,
    calling,
    calls,
    choice,
    counted,
    counting,
    each,
    edited,
    labelled,
    legacy,
    models,
    nth,
    opened,
    patched,
    piece,
    said,
    stock,
    told,
    two,
    with_body,
    written,
)
from tests.rules._responses import events, message, response, whole
from tests.rules._responses import told as responded
from tests.rules_table import embedded, none, plain, refusal, stream

PLAIN, TOLD, CALLS = answer(), told(), calling()
RESPONSE = responded(events("The Danube."))


def named(exchange: Exchange, name: Any = None) -> Exchange:
    """The stream with a name for each event: its type, or a constant."""
    return edited(
        exchange, lambda d: b"event: " + (name or d["type"]).encode() + b"\ndata: " + json.dumps(d).encode() + b"\n\n"
    )


def posted(path: str, body: Any, **ask: Any) -> Exchange:
    """An exchange of any endpoint."""
    return plain(body, {"model": "m", **ask}, url=f"/v1/{path}")


IMAGE: dict[str, Any] = {"created": 1741569952, "data": [{"url": "https://x.test/1.png", "revised_prompt": "A river."}]}
FLAGS = {"violence": False, "hate": False}
MODERATION: dict[str, Any] = {
    "id": "modr-1",
    "model": "omni-moderation-latest",
    "results": [{"flagged": False, "categories": FLAGS, "category_scores": {"violence": 0.01, "hate": 0.2}}],
}
SPEECH: dict[str, Any] = {
    "text": "Hello there.",
    "language": "english",
    "duration": 1.2,
    "segments": [{"id": 0, "start": 0.0, "end": 1.2, "text": "Hello there."}],
}
RANKED: dict[str, Any] = {
    "id": "r1",
    "results": [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0.1}],
    "meta": {"billed": 2},
}
OLD = {**ASK, "functions": [STOCK["function"], CLOCK["function"]], "function_call": "auto"}


def old(call: Any = None, finish: Any = "function_call", **said: Any) -> Exchange:
    """A call in the form of old."""
    named_call = {"name": "get_stock", "arguments": SKUS[0]} if call is None else call
    return answer(choice(None, finish=finish, function_call=named_call, **said), ask=OLD)


def at(path: str, value: Any, exchange: Exchange = PLAIN) -> tuple[Exchange, Exchange]:
    """The exchange, and the same with one value changed."""
    return exchange, patched(exchange, path, value)


def image(**data: Any) -> Exchange:
    """A generated image."""
    return posted("images/generations", {**IMAGE, "data": [data or IMAGE["data"][0]]}, prompt="A river")


def moderation(**result: Any) -> Exchange:
    """A moderation."""
    return posted("moderations", {**MODERATION, "results": [{**MODERATION["results"][0], **result}]}, input="x")


def texts(*found: str, **ask: Any) -> Exchange:
    """A streamed answer of these pieces."""
    return told(*found, ask={**ASK_USAGE, **ask})


STORY = (
    "Once ",
    "upon a ",
    "time ",
    "there was ",
    "a river ",
    "that flowed ",
    "to the ",
    "sea and ",
    "never ",
    "came back.",
)

CASES: tuple[Case, ...] = (
    # -- names of events
    risky("Z01", "event: lines are gone", named(RESPONSE), RESPONSE),
    risky("Z02", "chunks are named on a chat stream", TOLD, named(TOLD, "completion")),
    risky("Z03", "all events have one name", named(RESPONSE), named(RESPONSE, "response")),
    twin("Z02", "event: message is the default", TOLD, named(TOLD, "message")),
    harmless("Z04", "other texts under the same names", named(RESPONSE), named(responded(events("Elbe.")))),
    # -- several samples
    breaking("Z05", "one of three samples is cut", [TOLD, TOLD], [TOLD, TOLD, with_body(TOLD, body_of(TOLD)[:700])]),
    breaking("Z06", "two of three samples fail", PLAIN, [bad(), bad(), PLAIN]),
    breaking("Z07", "all samples overload", [PLAIN, PLAIN], [LIMITED, LIMITED, LIMITED]),
    twin("Z07", "one of three overloads", [PLAIN, PLAIN], [LIMITED, PLAIN, PLAIN]),
    harmless("Z08", "a field that half the samples have", [PLAIN, answer(citations=[])], [answer(citations=["x"]), PLAIN]),
    harmless("Z09", "content null or text by samples", [calls(ask={**ASK, "tools": [STOCK]}), answer(ask={**ASK, "tools": [STOCK]})], [answer(ask={**ASK, "tools": [STOCK]}), calls(ask={**ASK, "tools": [STOCK]})]),
    breaking("Z10", "a connection refused on this request alone", PLAIN, none(Ending.RESET, "connection reset by peer")),
    # -- images, audio, moderations, what nobody knows
    breaking("Z11", "b64_json for url", image(), image(b64_json="aGVsbG8=")),
    breaking("Z12", "no data", *at("data", [], image())),
    breaking("Z13", "url is null", *at("data.0.url", None, image())),
    harmless("Z14", "another url, no revised prompt", image(), image(url="https://y.test/2.png")),
    breaking("Z15", "flagged is a text", moderation(), moderation(flagged="false")),
    breaking("Z16", "no scores", *at("results.0.category_scores", ..., moderation())),
    breaking("Z17", "results is an object", *at("results", MODERATION["results"][0], moderation())),
    harmless("Z18", "other scores", moderation(), moderation(category_scores={"violence": 0, "hate": 1})),
    slight("Z19", "other categories", moderation(), moderation(categories={"violence": False, "harm": True})),
    breaking("Z20", "a transcription without text", *at("text", ..., posted("audio/transcriptions", SPEECH))),
    risky("Z21", "verbose_json without segments", *at("segments", ..., posted("audio/transcriptions", SPEECH))),
    breaking("Z22", "text as a list", *at("text", ["Hello"], posted("audio/transcriptions", SPEECH))),
    risky("Z23", "an unknown endpoint: a number as text", *at("results.0.relevance_score", "0.9", posted("reorder", RANKED))),
    tolerable("Z24", "an unknown endpoint: a field is gone", *at("results.0.relevance_score", ..., posted("reorder", RANKED))),
    breaking("Z25", "an unknown endpoint: an error", posted("reorder", RANKED), plain({"error": {"message": "no", "type": "x", "param": None, "code": None}}, {"model": "m"}, status=404, url="/v1/reorder")),
    harmless("Z26", "an unknown endpoint: other values", posted("reorder", RANKED), posted("reorder", {**RANKED, "id": "r2", "results": RANKED["results"][::-1]})),
    # -- the functions of old
    breaking("Z27", "tool_calls where the golden has function_call", old(), calls(stock(), ask=OLD)),
    breaking("Z28", "arguments as an object", old(), old({"name": "get_stock", "arguments": {"sku": "A"}})),
    breaking("Z29", "the call is gone, its finish stays", old(), answer(choice(None, finish="function_call"), ask=OLD)),
    breaking("Z30", "arguments that are no JSON", old(), old({"name": "get_stock", "arguments": "sku=A"})),
    breaking("Z31", "stop for function_call", old(), old(finish="stop")),
    harmless("Z32", "other arguments", old(), old({"name": "get_stock", "arguments": SKUS[1]})),
    # -- usage and numbers
    risky("Z33", "zeros", *at("usage", {**USAGE, "prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0})),
    risky("Z34", "zeros in a stream of calls", CALLS, edited(CALLS, lambda d: None if d["choices"] else d["usage"].update(prompt_tokens=0, completion_tokens=0, total_tokens=0))),
    risky("Z35", "floats for integers", PLAIN, with_body(PLAIN, body_of(PLAIN).replace(b'_tokens": 23,', b'_tokens": 23.0,').replace(b'"total_tokens": 34', b'"total_tokens": 34.0'))),
    risky("Z36", "created in milliseconds", *at("created", 1741569952371)),
    risky("Z37", "created in milliseconds, streamed", *at("created", 1741569952371, TOLD)),
    risky("Z38", "index is a float", PLAIN, with_body(PLAIN, body_of(PLAIN).replace(b'"index": 0', b'"index": 0.0'))),
    breaking("Z39", "usage is true", *at("usage", True)),
    risky("Z40", "no tokens for a text to embed", *at("usage", {"prompt_tokens": 0, "total_tokens": 0}, batch())),
    # -- what leaks into the text
    risky("Z41", "a template's end mark", *(answer(choice(t)) for t in ("The Danube.", "The Danube.<|im_end|>"))),
    risky("Z42", "Llama's, streamed", TOLD, told("The Danube.", "<|eot_id|>")),
    risky("Z43", "the next turn", *(answer(choice(t)) for t in ("The Danube.", "The Danube.</s><s>[INST] And the Rhine? [/INST]"))),
    risky("Z44", "mojibake", texts("Größe: ", "2850 km"), texts("GrÃ¶ÃŸe: ", "2850 km")),
    risky("Z45", "mojibake, plain", *(answer(choice(t)) for t in ("L’été à Orléans", "Lâ€™Ã©tÃ© Ã\xa0 OrlÃ©ans"))),
    breaking("Z46", "the deltas lose their blanks", texts(*STORY), texts(*(t.replace(" ", "") for t in STORY))),
    twin("Z41", "asked about such marks", *(answer(choice(f"It ends {w} <|im_end|>."), ask={**ASK, "messages": [{"role": "user", "content": "What is <|im_end|>?"}]}) for w in ("with", "by"))),
    harmless("Z47", "accents of all kinds", texts("Ã is a letter, ", "so is Â."), texts("Größe, été, ", "Ærø — ”ok”")),
    harmless("Z48", "CJK has no blanks", texts(*"The river is long and wide"), texts(*"多瑙河是一条很长的河流全长两千八百五十公里流入黑海")),
    # -- answers that hide elsewhere
    breaking("Z49", "all text is in reasoning_content", TOLD, edited(TOLD, each(lambda c: c["delta"].update(reasoning_content=c["delta"].pop("content")) if c["delta"].get("content") else None))),
    breaking("Z50", "the text is in refusal", *(answer(c) for c in (choice(), choice(None, refusal=""))) ),
    twin("Z50", "a refusal", *(answer(c) for c in (choice(), choice(None, refusal="I can't.")))),
    harmless("Z51", "a filter on one run", answer(), answer(choice("", finish="content_filter"))),
    harmless("Z52", "a filter in mid-stream", TOLD, told("The ", finish="content_filter")),
    # -- framing again
    breaking("Z53", "one LF between events", TOLD, with_body(TOLD, body_of(TOLD).replace(b"\n\n", b"\n"))),
    breaking("Z54", "literal backslash-n", TOLD, with_body(TOLD, body_of(TOLD).replace(b"\n\n", b"\\n\\n"))),
    breaking("Z55", "two streams in one body", TOLD, with_body(TOLD, body_of(TOLD) * 2)),
    slight("Z56", "a blank after [DONE]", TOLD, with_body(TOLD, body_of(TOLD).replace(b"[DONE]", b"[DONE] "))),
    harmless("Z57", "blank lines between frames", TOLD, with_body(TOLD, body_of(TOLD).replace(b"\n\n", b"\n\n\n"))),
    breaking("Z58", "JSON chunks joined by commas", TOLD, edited(TOLD, lambda d: b"data: " + json.dumps(d).encode() + b",\n\n")),
    risky("Z59", "NUL bytes between frames", TOLD, edited(TOLD, nth(3, lambda d: [b"\x00\x00\n\n", d]))),
    harmless("Z60", "id: on each frame, no comments", TOLD, edited(TOLD, counting(lambda d, n: b"id: %d\n" % n + b"data: " + json.dumps(d).encode() + b"\n\n"))),
    # -- labels and endings
    breaking("Z61", "an error in place of a chunk, golden in two choices", two(), edited(two(), nth(4, lambda d: {"error": {"message": "x", "type": "server_error"}}))),
    breaking("Z62", "a stream that ends by reset before its finish", CALLS, replace(with_body(CALLS, body_of(CALLS)[:900]), ending=Ending.RESET)),
    slight("Z63", "a reset after [DONE]", TOLD, replace(TOLD, ending=Ending.RESET)),
    breaking("Z64", "timeout in mid-stream", TOLD, replace(with_body(TOLD, body_of(TOLD)[:900]), ending=Ending.TIMEOUT)),
    risky("Z65", "no content-type at all", replace(PLAIN, total_ms=5.0), replace(labelled(PLAIN, content_type=""), total_ms=5.0)),
    breaking("Z66", "a models page", models(), with_body(labelled(models()), b"<html>404</html>", content_type="text/html")),
    breaking("Z67", "405", RESPONSE, refusal(405, message="Method Not Allowed")),
    breaking("Z68", "501", batch(), plain({"error": {"message": "embeddings are not supported", "type": "server_error", "param": None, "code": None}}, {"input": "x"}, status=501, url="/v1/embeddings")),
    breaking("Z69", "402", PLAIN, refusal(402, "insufficient_quota", "insufficient_quota")),
    breaking("Z70", "451 by a firewall", TOLD, with_body(labelled(TOLD, 451), b"", content_type="text/plain")),
    # -- calls
    risky("Z71", "a parallel call although it was forbidden", *(calls(*c, ask={**ASK, "tools": [STOCK], "tool_choice": "required", "parallel_tool_calls": False}) for c in ((stock(),), (stock(), stock(SKUS[1], "call_2"))))),
    breaking("Z72", "a call although tool_choice is none", *(e for e in (answer(ask={**ASK, "tools": [STOCK], "tool_choice": "none"}), calls(stock(), ask={**ASK, "tools": [STOCK], "tool_choice": "none"})))),
    breaking("Z73", "the index is a float", CALLS, with_body(CALLS, body_of(CALLS).replace(b'"tool_calls": [{"index": 0', b'"tool_calls": [{"index": 0.5'))),
    breaking("Z74", "a call in the second choice has no id", *(answer(choice(None, finish="tool_calls", tool_calls=[stock()]), choice(None, 1, "tool_calls", tool_calls=[c]), ask={**ASK, "n": 2, "tools": [STOCK]}) for c in (stock(id="b"), stock(SKUS[1], "")))),
    harmless("Z75", "one delta for each call, golden as well", *(calling(opened(0, "a", arguments=SKUS[i]), opened(1, "b", arguments=SKUS[1 - i])) for i in (0, 1))),
    # -- responses
    breaking("Z76", "output_text is not in a message", whole(response()), whole(response({"type": "output_text", "text": "Hello."}))),
    breaking("Z77", "the content's type is text", whole(response()), whole(response(message(content=[{"type": "text", "text": "Hello."}])))),
    breaking("Z78", "response.completed twice", RESPONSE, responded([*events("The Danube."), {**events("The Danube.")[-1], "sequence_number": 10}])),
    breaking("Z79", "events of another item", RESPONSE, patched(RESPONSE, "output_index", "0")),
    risky("Z80", "created_at in milliseconds", *at("created_at", 1721172741000, whole(response()))),
    risky("Z81", "legacy finish is null, streamed", written(), written(legacy(" The"), legacy(" Elbe"), legacy(" flows."), legacy("", None))),
    harmless("Z82", "reasoning items come and go", whole(response()), whole(response({"type": "reasoning", "id": "rs_1", "summary": []}, message()))),
    harmless("Z83", "usage details come and go", embedded([0.6, 0.8]), embedded([0.6, 0.8], top={"usage": {"prompt_tokens": 8, "total_tokens": 8, "prompt_tokens_details": None}})),
    harmless("Z84", "a stream without usage on both", stream(*said("a"), request=ASK), stream(*said("b", "c"), request=ASK)),
    harmless("Z85", "role with every chunk on both", *(edited(told(*t), each(lambda c: c["delta"].update(role="assistant"))) for t in (("a",), ("b", "c")))),
    harmless("Z86", "an empty first delta on both", *(stream(piece({"role": "assistant"}), *said(t)[1:], counted(), request=ASK_USAGE) for t in ("a", "b"))),
)  # fmt: skip
