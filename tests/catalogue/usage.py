"""Area usage: counts that are gone, repeated, renamed, elsewhere or that no longer add up."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.catalogue import Case, risky, slight, tolerable, twin
from tests.catalogue.exchanges import (
    ASK,
    ASK_USAGE,
    USAGE,
    answer,
    calling,
    counted,
    counting,
    edited,
    legacy,
    patched,
    piece,
    said,
    told,
    written,
)
from tests.rules._responses import USAGE as R_USAGE
from tests.rules._responses import events, response, whole
from tests.rules._responses import told as responded
from tests.rules_table import embedded, stream

TOLD = told()
CALLS = calling()


def uses(**counts: Any) -> Exchange:
    """A plain answer with these counts (`...`: gone)."""
    return answer(usage={k: v for k, v in {**USAGE, **counts}.items() if v is not ...})


def cached(prompt: int, cache: int, **more: Any) -> Exchange:
    """A plain answer whose prompt came partly from a cache."""
    counts = {"prompt_tokens": prompt, "completion_tokens": 11, "total_tokens": prompt + 11}
    return answer(usage={**counts, "prompt_tokens_details": {"cached_tokens": cache}, **more})


def growing(d: dict[str, Any], n: int) -> None:
    """Usage so far on a chunk."""
    if d["choices"]:
        d["usage"] = {"prompt_tokens": 23, "completion_tokens": n, "total_tokens": 23 + n}


CASES: tuple[Case, ...] = (
    risky("US01", "after tool calls", CALLS, edited(CALLS, lambda d: None if d["choices"] else [b""])),
    risky("US01", "legacy", written(legacy(" a"), legacy("", "stop"), legacy("", choices=[], usage={"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2})), written(legacy(" a"), legacy("", "stop"))),
    risky("US01", "null in its own chunk", TOLD, edited(TOLD, lambda d: None if d["choices"] else d.update(usage=None))),
    risky("US01", "plain, gone", answer(), patched(answer(), "usage", ...)),
    twin("US01", "it was not asked for", told(ask=ASK), told("Rhine", ask=ASK)),
    risky("US02", "cumulative", TOLD, edited(TOLD, counting(lambda d, n: growing(d, n)))),
    risky("US02", "zeros until the last", TOLD, edited(TOLD, lambda d: d["choices"] and d.update(usage={"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}))),
    risky("US02", "on every chunk of a call, none at the end", CALLS, edited(CALLS, counting(lambda d, n: growing(d, n) if d["choices"] else [b""]))),
    twin("US02", "null before the end", edited(TOLD, lambda d: d["choices"] and d.update(usage=None)), TOLD),
    tolerable("US03", "appears", CALLS, edited(CALLS, lambda d: d["choices"] and d.update(usage=None))),
    tolerable("US03", "disappears", edited(TOLD, lambda d: d["choices"] and d.update(usage=None)), TOLD),
    twin("US03", "on both", *(edited(t, lambda d: d["choices"] and d.update(usage=None)) for t in (TOLD, told("a")))),
    risky("US05", "{} at the end of a stream", TOLD, edited(TOLD, lambda d: None if d["choices"] else d.update(usage={}))),
    risky("US05", "no completion_tokens", uses(), uses(completion_tokens=...)),
    risky("US05", "null in a response", whole(response()), whole(response(usage={**R_USAGE, "output_tokens": None}))),
    risky("US05", "no total on embeddings", embedded([0.6, 0.8]), patched(embedded([0.6, 0.8]), "usage.total_tokens", ...)),
    risky("US05", "counts as texts", uses(), uses(prompt_tokens="23", completion_tokens="11", total_tokens="34")),
    twin("US05", "the same on both", uses(completion_tokens=...), uses(completion_tokens=..., prompt_tokens=25, total_tokens=36)),
    risky("US07", "DeepSeek's key", cached(2000, 1792), answer(usage={"prompt_tokens": 2000, "completion_tokens": 11, "total_tokens": 2011, "prompt_cache_hit_tokens": 1792, "prompt_cache_miss_tokens": 208})),
    risky("US07", "Kimi's key, streamed", stream(*said(), counted(prompt_tokens_details={"cached_tokens": 20}), request=ASK_USAGE), stream(*said(), {**counted(), "usage": {"prompt_tokens": 23, "completion_tokens": 11, "total_tokens": 34, "cached_tokens": 20}}, request=ASK_USAGE)),
    twin("US07", "a cold cache", cached(2000, 1792), cached(2000, 0)),
    tolerable("US08", "null", answer(), uses(completion_tokens_details=None)),
    tolerable("US08", "gone in a stream", TOLD, edited(TOLD, lambda d: None if d["choices"] else d["usage"].pop("completion_tokens_details") and None)),
    twin("US08", "further members", answer(), uses(completion_tokens_details={**USAGE["completion_tokens_details"], "image_tokens": 0})),
    risky("US09", "reasoning apart", uses(), uses(completion_tokens=0, prompt_tokens=21, total_tokens=81, completion_tokens_details={"reasoning_tokens": 60})),
    risky("US09", "in a stream of calls", CALLS, edited(CALLS, lambda d: None if d["choices"] else d["usage"].update(total_tokens=94))),
    risky("US09", "in a response", whole(response()), whole(response(usage={**R_USAGE, "total_tokens": 99}))),
    twin("US09", "other counts that add up", uses(), uses(prompt_tokens=20, completion_tokens=60, total_tokens=80)),
    risky("US11", "on the finish and after it", TOLD, edited(TOLD, lambda d: d["choices"] and d["choices"][0]["finish_reason"] and d.update(usage=USAGE))),
    risky("US11", "two chunks of their own", CALLS, edited(CALLS, lambda d: None if d["choices"] else [d, d])),
    twin("US11", "only one is not null", TOLD, edited(TOLD, lambda d: d["choices"] and d.update(usage=None))),
    risky("US12", "the cache is left out", cached(9126, 4864), cached(4262, 4864)),
    risky("US12", "in a stream", *(stream(*said(), counted(prompt_tokens=p, total_tokens=p + 11, prompt_tokens_details={"cached_tokens": 4864}), request=ASK_USAGE) for p in (9126, 4262))),
    twin("US12", "another cache, the same prompt", cached(9126, 4864), cached(9126, 9088)),
    slight("US03", "on the role alone", TOLD, stream(piece({"role": "assistant", "content": ""}, usage=None), *said()[1:], counted(), request=ASK_USAGE)),
    risky("US01", "no usage in response.completed", responded(events()), responded(events(usage=None))),
)  # fmt: skip
