"""Area stream: what the chunks of an answer say, in which order, and how they end."""

from __future__ import annotations

from gate.model import Exchange
from tests.catalogue import Case, breaking, risky, slight, tolerable, twin
from tests.catalogue.exchanges import (
    ASK,
    ASK_USAGE,
    RIVER,
    answer,
    body_of,
    calling,
    choice,
    counted,
    counting,
    each,
    edited,
    legacy,
    nth,
    opened,
    patched,
    piece,
    said,
    told,
    two,
    with_body,
    written,
)
from tests.rules_table import stream

AZURE = {
    **piece(),
    "id": "",
    "model": "",
    "object": "",
    "created": 0,
    "choices": [],
    "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}],
}
FILTERED = {
    "index": 0,
    "finish_reason": None,
    "content_filter_offsets": {"check_offset": 44},
    "content_filter_results": {},
}


def after(exchange: Exchange, *docs: object) -> Exchange:
    """The golden stream with other events before all."""
    return stream(*docs, *said(), counted(), request=ASK_USAGE) if exchange is TOLD else stream(*docs, request=ASK)


TOLD = told()
PLAIN = told(ask=ASK)
CALLS = calling()
ENDS = {"stream_options": {"include_usage": True}}

CASES: tuple[Case, ...] = (
    breaking("ST01", "before tool calls", CALLS, with_body(CALLS, body_of(stream(AZURE, done=False)) + body_of(CALLS))),
    breaking("ST01", "bare, on a legacy stream", written(), written(legacy("", choices=[]), legacy(" The"), legacy(" Elbe"), legacy("", "stop"))),
    breaking("ST01", "an annotation in mid-stream", PLAIN, edited(PLAIN, nth(4, lambda d: [d, {**AZURE, "id": d["id"]}]))),
    twin("ST01", "the golden is Azure as well", after(TOLD, AZURE), after(TOLD, AZURE)),
    twin("ST01", "empty choices with usage at the end", TOLD, told("Rhine")),
    risky("ST02", "after tool calls", stream(*said()[:1], piece({"tool_calls": [opened(arguments="{}")]}), piece({}, "tool_calls"), request=ASK), stream(*said()[:1], piece({"tool_calls": [opened(arguments="{}")]}), piece({}, "tool_calls"), counted(), request=ASK)),
    risky("ST02", "legacy", written(), written(legacy(" The"), legacy(" Elbe"), legacy("", "stop"), {**legacy(""), "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}})),
    twin("ST02", "it was asked for", TOLD, told("Another.")),
    breaking("ST03", "on the finish of the second choice", two(), edited(two(), each(lambda c: c["index"] and c["finish_reason"] and c.pop("delta")))),
    breaking("ST03", "a filter result in mid-stream", PLAIN, edited(PLAIN, nth(5, lambda d: [d, {**piece(), "choices": [FILTERED]}]))),
    breaking("ST03", "delta is null", TOLD, edited(TOLD, each(lambda c: c["finish_reason"] and c.update(delta=None)))),
    twin("ST03", "delta is {}", TOLD, edited(TOLD, each(lambda c: c["finish_reason"] and c.update(delta={})))),
    breaking("ST06", "empty on every chunk of a call", CALLS, edited(CALLS, each(lambda c: c["delta"].update(role="")))),
    breaking("ST06", "empty on the first alone", TOLD, patched(TOLD, "choices.0.delta.role", "")),
    breaking("ST06", "'model', Gemini's word", TOLD, edited(TOLD, nth(0, each(lambda c: c["delta"].update(role="model"))))),
    twin("ST06", "absent later", edited(TOLD, each(lambda c: c["delta"].update(role="assistant"))), TOLD),
    breaking("ST07", "never, in the second choice", two(), edited(two(), each(lambda c: c["index"] and c["delta"].pop("role", None)))),
    breaking("ST07", "null throughout", CALLS, edited(CALLS, each(lambda c: c["delta"].update(role=None)))),
    twin("ST07", "beside the first content", TOLD, edited(TOLD, nth(0, each(lambda c: c["delta"].update(content="Well, "))))),
    tolerable("ST08", "on every delta of two calls", CALLS, edited(CALLS, each(lambda c: c["delta"].update(role="assistant")))),
    tolerable("ST08", "two choices", two(), edited(two(), each(lambda c: c["delta"].update(role="assistant")))),
    twin("ST08", "once more on the finish", TOLD, edited(TOLD, each(lambda c: c["finish_reason"] and c["delta"].update(role="assistant")))),
    risky("ST10", "a preamble with an id of its own", CALLS, with_body(CALLS, body_of(stream(piece(id="cmpl-keepalive"), done=False)) + body_of(CALLS))),
    risky("ST10", "pings in mid-stream", TOLD, edited(TOLD, nth(3, lambda d: [piece({"content": ""}, id="ping"), d]))),
    risky("ST10", "each chunk has its own id", TOLD, edited(TOLD, counting(lambda d, n: d.update(id=f"c{n}")))),
    twin("ST10", "an empty chunk with the same id", TOLD, edited(TOLD, nth(0, lambda d: [d, piece()]))),
    breaking("ST11", "two calls, null to the end", CALLS, patched(CALLS, "choices.0.finish_reason", None)),
    breaking("ST11", "only the first of two choices ends", two(), edited(two(), each(lambda c: c["index"] == 0 and c.update(finish_reason=None)))),
    breaking("ST11", "an empty text", TOLD, edited(TOLD, each(lambda c: c.update(finish_reason="")))),
    twin("ST11", "the usage chunk has no choices", TOLD, told("Po.")),
    breaking("ST12", "straight from arguments to usage", CALLS, edited(CALLS, lambda d: [b""] if d["choices"] and d["choices"][0]["finish_reason"] else None)),
    breaking("ST12", "legacy", written(), written(legacy(" The"), legacy(" Elbe"), legacy(" flows."))),
    twin("ST12", "the finish stands on the last content", TOLD, stream(*said()[:-2], piece({"content": "long."}, "stop"), counted(), request=ASK_USAGE)),
    tolerable("ST13", "on the last piece of arguments", CALLS, edited(edited(CALLS, lambda d: [b""] if d["choices"] and d["choices"][0]["finish_reason"] else None), nth(len(body_of(CALLS).split(b"\n\n")) - 5, each(lambda c: c.update(finish_reason="tool_calls"))))),
    tolerable("ST13", "on the last text", TOLD, stream(*said()[:-2], piece({"content": "long."}, "stop"), counted(), request=ASK_USAGE)),
    slight("ST13", "and back", stream(*said()[:-2], piece({"content": "long."}, "stop"), counted(), request=ASK_USAGE), TOLD),
    twin("ST13", "the same text", TOLD, told(*RIVER[:-1], "long.")),
    risky("ST14", "of the second choice", two(), edited(two(), lambda d: [d, d] if d["choices"][0]["index"] and d["choices"][0]["finish_reason"] else None)),
    risky("ST14", "stop, then tool_calls", CALLS, edited(CALLS, lambda d: [piece({}, "stop"), d] if d["choices"] and d["choices"][0]["finish_reason"] else None)),
    risky("ST14", "on the usage chunk as well", TOLD, edited(TOLD, lambda d: [piece({}, "stop", usage=d["usage"])] if not d["choices"] else None)),
    twin("ST14", "one for each choice", two(), two()),
    tolerable("ST17", "created grows", CALLS, edited(CALLS, counting(lambda d, n: d.update(created=1741569952 + n)))),
    twin("ST17", "another time, steady", TOLD, patched(TOLD, "created", 1750000000)),
    Case("ST18", "drift", "the stream says another name", told(ask={**ASK_USAGE, "model": "openai/gpt-4o"}), patched(told(ask={**ASK_USAGE, "model": "openai/gpt-4o"}), "model", "gpt-4o"), golden_twin=(answer(),), candidate_twin=(answer(model="openai/gpt-4o"),)),
    Case("ST18", "twin", "the same on both", told(), told(), golden_twin=(answer(),), candidate_twin=(answer(choice("Rhine.")),)),
)  # fmt: skip
