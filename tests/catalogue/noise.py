"""Harmless variations: two runs of one route, in both directions."""

from __future__ import annotations

import gzip
import json
from typing import Any

from tests.catalogue import Case, harmless
from tests.catalogue.embeddings import batch
from tests.catalogue.exchanges import (
    ASK,
    ASK_STOCK,
    ASK_USAGE,
    SKUS,
    USAGE,
    Change,
    answer,
    body_of,
    both,
    calling,
    calls,
    choice,
    counted,
    each,
    edited,
    goes_on,
    labelled,
    models,
    opened,
    patched,
    piece,
    pieces,
    said,
    stock,
    timed,
    told,
    two,
    with_body,
    written,
)
from tests.catalogue.latency import WORDS, even
from tests.rules._responses import events, renumbered, response, whole, without
from tests.rules._responses import told as responded
from tests.rules_table import embedded, refusal, stream

AUTO = {**ASK_STOCK, "tool_choice": "auto"}
NAMED = {**ASK_STOCK, "tool_choice": {"type": "function", "function": {"name": "get_stock"}}}
LIMIT = {**ASK, "max_tokens": 40}
TOLD, CALLS = told(), calling()
PING = b": ping\n\n"


def filtered(severity: str) -> Change:
    """Azure's annotations of the prompt."""
    result = {"prompt_index": 0, "content_filter_results": {"hate": {"filtered": False, "severity": severity}}}
    return lambda doc: doc.update(prompt_filter_results=[result])


def uses(**counts: Any) -> dict[str, Any]:
    """The usage with other counts."""
    return {**USAGE, **counts}


def near(tokens: int, finish: str) -> Any:
    """An answer near its limit."""
    return answer(
        choice("word " * tokens, finish=finish),
        ask=LIMIT,
        usage=uses(completion_tokens=tokens, total_tokens=23 + tokens),
    )


def lp(*pairs: tuple[str, float]) -> Any:
    """Log probabilities of one token."""
    tops = [{"token": t, "logprob": v, "bytes": [*t.encode()]} for t, v in pairs]
    one = {**tops[0], "top_logprobs": tops}
    return answer(
        {**choice(pairs[0][0]), "logprobs": {"content": [one], "refusal": None}},
        ask={**ASK, "logprobs": True, "top_logprobs": 3},
    )


def thought(**message: Any) -> Any:
    """An answer that may have been thought about."""
    return answer(
        choice(**message),
        usage=uses(completion_tokens_details={"reasoning_tokens": 4 if message else 0, "audio_tokens": 0}),
    )


CASES: tuple[Case, ...] = (
    harmless("B01", "other ids of calls", CALLS, with_body(CALLS, body_of(CALLS).replace(b"call_fA9x", b"chatcmpl-tool-1f").replace(b"chatcmpl-B9MB", b"gen-17"))),
    harmless("B01", "other ids, plain", calls(), calls(stock(id="a1B2c3D4e"), stock(SKUS[1], "z"), ask=ASK_STOCK)),
    harmless("B02", "created", two(), patched(two(), "created", 1)),
    harmless("B03", "fingerprint null", TOLD, patched(TOLD, "system_fingerprint", None)),
    harmless("B03", "fingerprint gone", answer(), patched(answer(), "system_fingerprint", ...)),
    harmless("B04", "a snapshot", *(told(ask={**ASK_USAGE, "model": "gpt-4o-mini"}) if m is None else patched(told(ask={**ASK_USAGE, "model": "gpt-4o-mini"}), "model", m) for m in (None, "gpt-4o-mini"))),
    harmless("B05", "another text, with marks of all kinds", TOLD, told("Der Rhein: ", "«1233 km» ", "– *lang*! ", "{x} <b> ``` # 1. data:")),
    harmless("B06", "one delta holds all", TOLD, told("The Danube is 2850 km long.")),
    harmless("B06", "a delta for each letter", TOLD, told(*"The Danube is 2850 km long.")),
    harmless("B07", "reads in the middle of code points", timed(told("Größe ", "日本語"), *even(10, 5)), told("Größe ", "日本語")),
    harmless("B09", "fewer comments", *(with_body(TOLD, PING * n + body_of(TOLD)) for n in (4, 1))),
    harmless("B10", "other pieces, other key order", CALLS, calling(opened(), *map(goes_on, pieces('{ "store": 4, "sku": "A-17" }', 2)), opened(1, "b"), goes_on(SKUS[1], 1))),
    harmless("B11", "role beside the first content", TOLD, stream(piece({"role": "assistant", "content": "The "}), *said()[2:], counted(), request=ASK_USAGE)),
    harmless("B12", "null", TOLD, edited(TOLD, each(lambda c: "role" in c["delta"] and c["delta"].update(content=None)))),
    harmless("B12", "absent", TOLD, edited(TOLD, each(lambda c: "role" in c["delta"] and c["delta"].pop("content")))),
    harmless("B13", "an empty delta at the end", TOLD, stream(*said()[:-1], piece({"content": ""}), said()[-1], counted(), request=ASK_USAGE)),
    harmless("B13", "on the finish itself", TOLD, edited(TOLD, each(lambda c: c["finish_reason"] and c["delta"].update(content="")))),
    harmless("B14", "the finish on the last content", TOLD, stream(*said()[:-2], piece({"content": "long."}, "stop"), counted(), request=ASK_USAGE)),
    harmless("B15", "other counts", answer(), answer(usage=uses(prompt_tokens=31, completion_tokens=4, total_tokens=35))),
    harmless("B16", "a warm cache", answer(), answer(usage=uses(prompt_tokens_details={"cached_tokens": 20, "audio_tokens": 0}))),
    harmless("B16", "details only when not zero", answer(usage={k: v for k, v in USAGE.items() if k != "prompt_tokens_details"}), answer(usage=uses(prompt_tokens_details={"cached_tokens": 20}))),
    harmless("B17", "reasoned this time", thought(), thought(reasoning_content="Hm, a river.")),
    harmless("B17", "other reasoning", thought(reasoning_content="Let me see."), thought(reasoning_content="Ok.")),
    harmless("B18", "service_tier null", TOLD, patched(TOLD, "service_tier", None)),
    harmless("B18", "headers of OpenAI", labelled(answer(), openai_processing_ms="120", openai_version="2020-10-01"), labelled(answer(), openai_processing_ms="90", openai_organization="x")),
    harmless("B19", "another order, fewer", lp(("A", -0.69), ("B", -0.7), ("C", -5.0)), lp(("B", -0.69), ("A", -0.71))),
    harmless("B20", "nulls come and go, plain", answer(), answer(choice(audio=None, function_call=None, tool_calls=None))),
    harmless("B20", "nulls go, streamed", TOLD, edited(TOLD, each(lambda c: (c.pop("logprobs"), c["delta"].pop("refusal", None))))),
    harmless("B21", "further fields", TOLD, edited(TOLD, lambda d: d.update(obfuscation="aX", provider="Groq", citations=[], x_groq={"id": "1"}))),
    harmless("B21", "in the choice", answer(), answer({**choice(), "native_finish_reason": "STOP", "content_filter_results": {}})),
    harmless("B23", "null usage", TOLD, edited(TOLD, lambda d: d["choices"] and d.update(usage=None))),
    harmless("B24", "stop for a named function", *(calling(opened(arguments=SKUS[0]), ask=NAMED, finish=f) for f in ("tool_calls", "stop"))),
    harmless("B25", "stop or length near the limit", near(39, "stop"), near(40, "length")),
    harmless("B26", "no call this time", calls(ask=AUTO), answer(choice("Which SKU?"), ask=AUTO)),
    harmless("B26", "a preamble, streamed", calling(opened(arguments=SKUS[0]), ask=AUTO), stream(piece({"role": "assistant", "content": "Let me "}), piece({"content": "look."}), piece({"tool_calls": [opened(arguments=SKUS[0])]}), piece({}, "tool_calls"), counted(), request={**AUTO, **ASK_USAGE, "tools": AUTO["tools"]})),
    harmless("B26", "one call or two", calling(*both(), ask=AUTO), calling(opened(arguments=SKUS[0]), ask=AUTO)),
    harmless("B28", "noise", batch(), batch(noise=0.004)),
    harmless("B28", "one text", embedded([0.6, 0.8]), embedded([0.601, 0.7992])),
    harmless("B29", "another list", models("a", "b"), edited(models("z"), lambda d: d["data"][0].update(context_window=8192, pricing={"x": 1}))),
    harmless("B30", "noise in headers", labelled(answer(), date="Mon", server="a", via="1.1 x", x_ratelimit_remaining_requests="59", x_ratelimit_limit_requests="60"), labelled(answer(), date="Tue", age="3", x_ratelimit_remaining_requests="2", x_ratelimit_limit_requests="60")),
    harmless("B31", "charset", TOLD, labelled(TOLD, content_type="text/event-stream; charset=utf-8")),
    harmless("B33", "severities and indices", *(edited(TOLD, filtered(s)) for s in ("safe", "low"))),
    harmless("B34", "another Retry-After", *(labelled(refusal(429, "requests"), retry_after=s) for s in ("3", "17"))),
    harmless("B35", "a slower day", timed(WORDS, *even(300, 40)), timed(WORDS, *even(900, 95))),
    harmless("B35", "bursty", timed(WORDS, *even(300, 40)), timed(WORDS, *(300 + 200 * (i // 5) for i in range(60)))),
    harmless("B36", "other prose", *(refusal(404, code="model_not_found", message=m) for m in ("No such model. (req_1)", "The model `x` is unknown"))),
    harmless("B37", "ids, deltas, in_progress", responded(events("The Danube.")), responded(without(["in_progress"], json.loads(json.dumps(events("Elbe")).replace("msg_1", "m9"))))),
    harmless("B37", "[DONE] from a gateway", responded(events()), with_body(responded(events()), body_of(responded(events())) + b"data: [DONE]\n\n")),
    harmless("B38", "from 7", responded(events()), edited(responded(events()), lambda d: d.update(sequence_number=d["sequence_number"] + 7))),
    harmless("B39", "close", labelled(TOLD, connection="keep-alive"), labelled(TOLD, connection="close")),
    harmless("B40", "gzip that is true", answer(), with_body(answer(), gzip.compress(body_of(answer()), mtime=0), content_encoding="gzip")),
    harmless("B05", "Responses: another text", whole(response()), whole(response(id="resp_2", created_at=3))),
    harmless("B06", "legacy: other pieces", written(), written(*(json.loads(f[6:]) for f in body_of(written()).split(b"\n\n")[1:4]))),
    harmless("B38", "renumbered", responded(events()), responded(renumbered(events("Oder, 866 km.")))),
)  # fmt: skip
