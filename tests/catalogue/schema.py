"""Area schema: fields of an answer that are gone, null, of another type or outside their vocabulary."""

from __future__ import annotations

import json
from typing import Any

from gate.model import Exchange
from tests.catalogue import Case, breaking, risky, slight, tolerable, twin
from tests.catalogue.exchanges import (
    ASK,
    ASK_LEGACY,
    LEGACY,
    WHOLE_LEGACY,
    answer,
    body_of,
    calling,
    calls,
    choice,
    counted,
    each,
    edited,
    legacy,
    models,
    nth,
    patched,
    piece,
    said,
    told,
    two,
    with_body,
    written,
)
from tests.rules._responses import events, response, whole
from tests.rules._responses import told as responded
from tests.rules_table import embedded, plain, stream

PAIR = answer(choice("Rhine"), choice("Loire", 1), ask={**ASK, "n": 2})
THINK = "User wants a river. The Danube will do."


def renamed(exchange: Exchange, old: str, new: str) -> Exchange:
    """The exchange with a key of every delta or message renamed."""
    return with_body(exchange, body_of(exchange).replace(f'"{old}"'.encode(), f'"{new}"'.encode()))


def thinking(**delta: Any) -> Exchange:
    """A stream that reasons before it answers."""
    start, *rest = said()
    return stream(start, piece(delta), piece(delta), *rest, request=ASK)


def first(change: dict[str, Any], done: bool = True) -> Exchange:
    """The golden stream with another first chunk before all."""
    return stream(change, *said(), request=ASK)


LIMIT = {**ASK, "max_tokens": 40}
SHORT = {"prompt_tokens": 23, "completion_tokens": 40, "total_tokens": 63}
LP = {**ASK, "logprobs": True, "top_logprobs": 2}
TOKEN = {
    "token": "The",
    "logprob": -0.02,
    "bytes": [84],
    "top_logprobs": [{"token": "The", "logprob": -0.02, "bytes": [84]}, {"token": "A", "logprob": -4.1, "bytes": [65]}],
}


def likely(*tokens: dict[str, Any], ask: dict[str, Any] = LP) -> Exchange:
    """A plain answer with these log probabilities."""
    return answer({**choice("The"), "logprobs": {"content": list(tokens), "refusal": None}}, ask=ask)


def likely_stream(*tokens: dict[str, Any]) -> Exchange:
    """The same, streamed."""
    start, *_, end = said()
    chunks = []
    for one in tokens:
        doc = piece({"content": "The"})
        doc["choices"][0]["logprobs"] = {"content": [one], "refusal": None}
        chunks.append(doc)
    return stream(start, *chunks, end, request=LP)


VTT = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n"
ASK_AUDIO = {"model": "whisper-1", "response_format": "vtt"}


def audio(body: bytes, kind: str) -> Exchange:
    """A transcription."""
    return plain(body, ASK_AUDIO, url="/v1/audio/transcriptions", headers={"content-type": kind})


CASES: tuple[Case, ...] = (
    risky("S02", "an empty id on every chunk", told(), patched(told(), "id", "")),
    risky("S02", "legacy, plain", WHOLE_LEGACY, patched(WHOLE_LEGACY, "id", "")),
    risky("S02", "the same id for several samples", [answer(choice(t), id=f"c{t}") for t in ("Rhine", "Elbe", "Oder")], [answer(choice(t), id="chat") for t in ("Rhine", "Elbe", "Oder")]),
    twin("S02", "another prefix and length", told(), patched(told(), "id", "gen-1")),
    twin("S02", "Azure's first frame has no id", first({**piece(), "id": "", "choices": [], "prompt_filter_results": []}), told(ask=ASK)),
    risky("S03", "a chunk's object on a plain answer", PAIR, patched(PAIR, "object", "chat.completion.chunk")),
    risky("S03", "upper case in a stream", two(), patched(two(), "object", "CHAT.COMPLETION.CHUNK")),
    risky("S03", "gone in a legacy stream", written(), patched(written(), "object", ...)),
    risky("S03", "the list of embeddings", embedded([0.6, 0.8]), patched(embedded([0.6, 0.8]), "object", "embeddings")),
    risky("S03", "a response", whole(response()), patched(whole(response()), "object", "chat.completion")),
    twin("S03", "vendor discriminators beside it", answer(), answer(x_groq={"object": "x"}, provider="Groq")),
    breaking("S05", "no choices, n=2", PAIR, patched(PAIR, "choices", [])),
    breaking("S05", "no choices, legacy", WHOLE_LEGACY, patched(WHOLE_LEGACY, "choices", [])),
    twin("S05", "empty choices beside usage in a stream", told(), told()),
    breaking("S06", "the second choice has no message", PAIR, edited(PAIR, lambda d: d["choices"][1].pop("message") and None)),
    breaking("S06", "message is null", answer(), patched(answer(), "choices.0.message", None)),
    twin("S06", "content null beside calls", calls(), calls()),
    risky("S07", "no content beside calls", calls(), patched(calls(), "choices.0.message.content", ...)),
    risky("S07", "no content in the second choice", PAIR, patched(PAIR, "choices.1.message.content", ...)),
    twin("S07", "no content in deltas", told(), edited(told(), nth(0, lambda d: d["choices"][0]["delta"].pop("content") and None))),
    breaking("S09", "the limit went into reasoning, streamed", told(), stream(said()[0], piece({"reasoning_content": THINK}), piece({}, "length"), counted(completion_tokens=400, total_tokens=423), request={**ASK, "stream_options": {"include_usage": True}})),
    breaking("S09", "null content, length", answer(ask=LIMIT), answer(choice(None, finish="length", reasoning=THINK), ask=LIMIT, usage=SHORT)),
    twin("S09", "text cut where the golden was near", answer(choice("A long text", finish="length"), ask=LIMIT, usage=SHORT), answer(choice("A long te", finish="length"), ask=LIMIT, usage=SHORT)),
    breaking("S10", "parts in the second choice", PAIR, patched(PAIR, "choices.1.message.content", [{"type": "text", "text": "Loire"}])),
    breaking("S10", "parts in one delta only", told(), edited(told(), nth(3, lambda d: d["choices"][0]["delta"].update(content=[{"type": "thinking", "thinking": []}])))),
    breaking("S10", "an object", answer(), patched(answer(), "choices.0.message.content", {"text": "The Danube"})),
    twin("S10", "parts on both sides", *(answer(choice([{"type": "text", "text": t}])) for t in ("Rhine", "Danube"))),
    breaking("S11", "renamed in a stream", thinking(reasoning_content="Hm. "), thinking(reasoning="Hm. ")),
    breaking("S11", "gone from plain answers", [answer(choice(reasoning_content=THINK)) for _ in range(2)], [answer(choice(reasoning=THINK)) for _ in range(2)]),
    twin("S11", "both keys", thinking(reasoning_content="Hm. "), thinking(reasoning_content="Hm. ", reasoning="Hm. ")),
    breaking("S12", "tags in a stream, split over chunks", thinking(reasoning_content="Hm. "), told("<th", "ink>\n", "Hm. ", "</think>", "\n\nThe Danube", ask=ASK)),
    breaking("S12", "golden without reasoning", PAIR, answer(choice("Rhine"), choice("<think>\nHm\n</think>\n\nLoire", 1), ask={**ASK, "n": 2})),
    twin("S12", "the user asked about the tag", *(answer(choice(f"Write <think> {w} your reasoning."), ask={**ASK, "messages": [{"role": "user", "content": "What does <think> mean?"}]}) for w in ("before", "around"))),
    breaking("S13", "the closer alone, streamed", told(ask=ASK), told("Okay, ", "a river.\n", "</think>\n\n", "The Danube", ask=ASK)),
    breaking("S13", "plain", answer(), answer(choice("Okay, a river.\n</think>\n\nThe Danube"))),
    twin("S13", "tags on both sides", *(answer(choice(f"<think>{t}</think>Danube")) for t in ("a", "b"))),
    breaking("S15", "STOP, in the second choice of a stream", two(), edited(two(), lambda d: d["choices"][0].update(finish_reason="STOP") if d["choices"][0]["index"] == 1 and d["choices"][0]["finish_reason"] else None)),
    breaking("S15", "tool_use", calls(), calls(finish="tool_use")),
    breaking("S15", "eos_token, legacy", WHOLE_LEGACY, patched(WHOLE_LEGACY, "choices.0.finish_reason", "eos_token")),
    twin("S15", "native_finish_reason beside it", answer(), answer({**choice(), "native_finish_reason": "STOP", "stop_reason": None})),
    breaking("S16", "length hidden in a stream", *(stream(*said(finish=f), counted(completion_tokens=40, total_tokens=63), request={**LIMIT, "stream_options": {"include_usage": True}}) for f in ("length", "stop"))),
    breaking("S16", "Legacy", *(plain(legacy(" The", f, usage={"prompt_tokens": 3, "completion_tokens": 16, "total_tokens": 19}), ASK_LEGACY, url=LEGACY) for f in ("length", "stop"))),
    twin("S16", "natural end near the limit", answer(choice("long", finish="length"), ask=LIMIT, usage=SHORT), answer(choice("long"), ask=LIMIT, usage={"prompt_tokens": 23, "completion_tokens": 38, "total_tokens": 61})),
    risky("S17", "length far below the limit, streamed", *(stream(*said(finish=f), counted(), request={**ASK, "max_tokens": 4000, "stream_options": {"include_usage": True}}) for f in ("stop", "length"))),
    twin("S17", "length at the limit", answer(choice("x", finish="stop"), ask=LIMIT), answer(choice("long", finish="length"), ask=LIMIT, usage=SHORT)),
    tolerable("S18", "omitted on all but the last", told(), edited(told(), each(lambda c: c["finish_reason"] or c.pop("finish_reason")))),
    twin("S18", "omitted on both sides", *(edited(told(*t), each(lambda c: c["finish_reason"] or c.pop("finish_reason"))) for t in (("a",), ("b", "c")))),
    risky("S19", "the id of the stop token", answer({**choice(), "stop_reason": None}), answer({**choice(), "stop_reason": 128009})),
    risky("S19", "a word becomes a number, streamed", *(stream(*said()[:-1], {**piece(), "choices": [{"index": 0, "delta": {}, "finish_reason": "stop", "matched_stop": v}]}, request=ASK) for v in ("</s>", 2))),
    twin("S19", "null or absent", answer({**choice(), "stop_reason": None}), answer()),
    slight("S20", "gone in a stream", told(), edited(told(), each(lambda c: c.pop("logprobs")))),
    slight("S20", "gone in one of two choices", PAIR, edited(PAIR, lambda d: d["choices"][1].pop("logprobs"))),
    twin("S20", "nobody asked for them", answer(), patched(answer(), "choices.0.logprobs", ...)),
    breaking("S21", "a 500 for the same request", likely(TOKEN), plain({"error": {"message": "Out of range float values are not JSON compliant", "type": "server_error", "param": None, "code": None}}, LP, status=500)),
    breaking("S21", "-Infinity in a plain answer", likely(TOKEN), with_body(likely(TOKEN), body_of(likely(TOKEN)).replace(b"-4.1", b"-Infinity"))),
    breaking("S21", "NaN in a stream", likely_stream(TOKEN), with_body(likely_stream(TOKEN), body_of(likely_stream(TOKEN)).replace(b"-4.1", b"NaN"))),
    twin("S21", "other finite values", likely(TOKEN), likely({**TOKEN, "logprob": -9999.0})),
    risky("S23", "top_logprobs gone", likely(TOKEN), likely({k: v for k, v in TOKEN.items() if k != "top_logprobs"})),
    risky("S23", "null for the second token of a stream", likely_stream(TOKEN, TOKEN), likely_stream(TOKEN, {**TOKEN, "logprob": None})),
    risky("S23", "logprobs null although asked", likely(TOKEN), answer(choice("The"), ask=LP)),
    twin("S23", "empty for top_logprobs=0", *(likely({**TOKEN, "top_logprobs": []}, ask={**ASK, "logprobs": True, "top_logprobs": 0}) for _ in range(2))),
    risky("S24", "on_demand, streamed", told(), patched(told(), "service_tier", "on_demand")),
    risky("S24", "standard, in a response", whole(response(service_tier="default")), whole(response(service_tier="standard"))),
    twin("S24", "absent", answer(), patched(answer(), "service_tier", ...)),
    twin("S24", "flex", answer(), patched(answer(), "service_tier", "flex")),
    twin("S24", "null", answer(), patched(answer(), "service_tier", None)),
    risky("S25", "a backend's name, streamed", told(), patched(told(), "model", "qwen2.5-72b-instruct")),
    risky("S25", "an alias that was echoed", *(embedded([0.6, 0.8], top={"model": m}, model="team-embed") for m in ("team-embed", "bge-m3"))),
    twin("S25", "a dated snapshot of the alias", *(answer(model=m, ask={**ASK, "model": "gpt-4o"}) for m in ("gpt-4o", "gpt-4o-2024-08-06"))),
    risky("S26", "null in a stream", told(), patched(told(), "model", None)),
    risky("S26", "empty on embeddings", embedded([0.6, 0.8]), patched(embedded([0.6, 0.8]), "model", "")),
    risky("S26", "gone", WHOLE_LEGACY, patched(WHOLE_LEGACY, "model", ...)),
    twin("S26", "Azure's prompt frame has none", *(first({**piece(), "id": "", "model": m, "object": "", "created": 0, "choices": [], "prompt_filter_results": []}) for m in ("gpt-4o", ""))),
    tolerable("S27", "in usage and the message of a stream", told(), edited(told(), lambda d: d.update(x_groq={"id": "req_1"}, usage={**(d.get("usage") or {}), "queue_time": 1} if d.get("usage") else None))),
    tolerable("S27", "in an embedding item", embedded([0.6, 0.8]), edited(embedded([0.6, 0.8]), lambda d: d["data"][0].update(cost=1))),
    twin("S27", "further fields", whole(response()), whole(response(cost_in_usd_ticks=4, x={"y": []}))),
    risky("S29", "an empty stub on the last chunk", told(), edited(told(), lambda d: d["choices"] and d["choices"][0]["finish_reason"] and d["choices"][0]["delta"].update(function_call={"name": "", "arguments": ""}))),
    risky("S29", "in a plain message", answer(), answer(choice(function_call={"name": "", "arguments": ""}))),
    twin("S29", "null", answer(), answer(choice(function_call=None))),
    tolerable("S32", "in a plain answer", answer(), answer({**choice(), "content_filter_results": {"hate": {"filtered": False, "severity": "safe"}}}, prompt_filter_results=[{"prompt_index": 0}])),
    twin("S32", "another severity", *(answer({**choice(), "content_filter_results": {"hate": {"filtered": False, "severity": s}}}) for s in ("safe", "low"))),
    risky("S33", "data null", models(), patched(models(), "data", None)),
    risky("S33", "no object", models(), patched(models(), "object", ...)),
    risky("S33", "a bare list", models(), edited(models(), lambda d: json.dumps(d["data"]).encode())),
    twin("S33", "another inventory", models("a", "b", "c"), models("c", "d", owned="x")),
    tolerable("S34", "a vendor's key on some models only", edited(models(), lambda d: [m.update(quantization="Q8_0") for m in d["data"]] and None), edited(models(), lambda d: d["data"][0].update(quantization="Q8_0"))),
    twin("S34", "the same", models(), models()),
    risky("S36", "JSON in place of VTT", audio(VTT, "text/vtt"), audio(json.dumps(VTT.decode()).encode(), "application/json")),
    risky("S36", "the right text under a wrong label", audio(VTT, "text/plain"), audio(VTT, "application/json")),
    risky("S36", "always the JSON object", audio(VTT, "text/plain; charset=utf-8"), audio(b'{"text": "Hello"}', "application/json")),
    twin("S36", "charset", audio(VTT, "text/vtt"), audio(VTT, "text/vtt; charset=utf-8")),
    tolerable("S37", "the alias of the request", answer(), answer(model="gpt-4o-mini")),
    tolerable("S37", "back to the snapshot, streamed", patched(told(), "model", "gpt-4o-mini"), told()),
    twin("S37", "the next snapshot", answer(), answer(model="gpt-4o-mini-2025-01-15")),
    twin("S37", "a route with a model of its own", answer(), answer(ask={**ASK, "model": "qwen3-32b"}, model="qwen3-32b")),
    tolerable("S38", "both", answer(), patched(patched(answer(), "system_fingerprint", ...), "service_tier", ...)),
    tolerable("S38", "streamed, null", told(), patched(told(), "system_fingerprint", None)),
    risky("S38", "the tier that was asked for", *(answer(ask={**ASK, "service_tier": "priority"}, **top) for top in ({"service_tier": "priority"}, {"service_tier": None}))),
    twin("S38", "another fingerprint", answer(), answer(system_fingerprint="fp_1")),
    twin("S38", "in one answer of two", answer(), (answer(), patched(answer(), "system_fingerprint", ...))),
    twin("S27", "Responses events", responded(events()), edited(responded(events()), lambda d: d.update(obfuscation="xYz"))),
    twin("S06", "a call in a stream", calling(), calling()),
)  # fmt: skip
