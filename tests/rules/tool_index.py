"""tool-index: indexes that are absent, shared, or do not count from 0."""

from __future__ import annotations

from tests.rules_table import Row, call, calling

BERLIN = {**call('{"city": "Berlin"}'), "id": "call_2"}


def more(arguments: str, index: int) -> dict[str, object]:
    return {"index": index, "function": {"arguments": arguments}}


ONE = calling({"index": 0, **call("")}, more('{"city": ', 0), more('"Paris"}', 0))
TWO = calling({"index": 0, **call()}, {"index": 1, **BERLIN})
INDEX = "choices[0].delta.tool_calls[0].index"

CASES = (
    Row(
        "TL01: Gemini's compatible route leaves index out (ollama/ollama 7881)",
        ONE,
        calling({**call()}),
        (f"breaking {INDEX}",),
    ),
    Row(
        "TL01, more general: the index is a text, which cannot index a list",
        ONE,
        calling({"index": "0", **call()}),
        (f"breaking {INDEX}",),
    ),
    Row(
        "TL02: each of several calls has index 0 (su-kaka/gcli2api 406)",
        TWO,
        calling({"index": 0, **call()}, {"index": 0, **BERLIN}),
        (f"breaking {INDEX}",),
    ),
    Row(
        "the first call has index 1 (openrouter-chat-s-98bef299a1); openai-python raises IndexError",
        ONE,
        calling({"index": 1, **call()}),
        (f"breaking {INDEX}",),
    ),
    Row(
        "the only call has index -1 (zai-chat-s-ea77efaa42)",
        ONE,
        calling({"index": -1, **call()}),
        (f"breaking {INDEX}",),
    ),
    Row(
        "TL02, benign twin: the order is permuted, but each id keeps its own index",
        TWO,
        calling({"index": 1, **BERLIN}, {"index": 0, **call()}),
        (),
        (f"risky tool-index-order {INDEX}",),
    ),
    Row(
        "TL02, benign twin: the deltas of two calls interleave",
        calling({"index": 0, **call("")}, more('{"city": "Paris"}', 0), {"index": 1, **BERLIN}),
        calling(
            {"index": 0, **call("")},
            {"index": 1, **BERLIN, "function": {"name": "get_weather", "arguments": ""}},
            more('{"city": "Paris"}', 0),
            more('{"city": "Berlin"}', 1),
        ),
    ),
    Row(
        "the golden has the same",
        calling({**call()}),
        calling({**call()}),
    ),
    Row("B10: the same call in other fragments, whole in one delta", ONE, calling({"index": 0, **call()})),
)
