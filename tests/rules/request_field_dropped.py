"""request-field-dropped: a field of the request does not reach the upstream."""

from __future__ import annotations

from typing import Any

from tests.rules._gateway import call, changed, golden, sent, through, upgraded
from tests.rules_table import ASK, Row
from tests.rules_table import TOOL as WEATHER

TOOL: dict[str, Any] = {**WEATHER}
STRICT = {**TOOL, "function": {**TOOL["function"], "strict": True}}
NAMED = [{"role": "user", "content": "Hi", "name": "ada"}]

LOUD: dict[str, Any] = {
    "response_format": {"type": "json_object"}, "text": {"format": {"type": "text"}}, "tool_choice": "required",
    "function_call": "auto", "max_completion_tokens": 9, "max_output_tokens": 9, "n": 2, "dimensions": 8,
    "encoding_format": "base64", "logprobs": True, "previous_response_id": "resp_1", "instructions": "Be brief.",
}  # fmt: skip
QUIET = ("safety_identifier", "prompt_cache_retention")


def turns(**more: Any) -> dict[str, Any]:
    """Two messages, the second with more keys."""
    return {**ASK, "messages": [{"role": "user", "content": "Hi"}, {"role": "tool", "content": "12.4", **more}]}


CASES = (
    changed("RQ01: LiteLLM drops metadata (BerriAI/litellm 12997)", sent(metadata={"a": "b"}), ASK, "risky metadata"),
    changed(
        "RQ01: a gateway drops the strict of tools (envoyproxy/ai-gateway 2232)",
        sent(tools=[STRICT]),
        sent(tools=[TOOL]),
        "risky tools[0].function.strict",
    ),
    changed("RQ01: the limit is lost", sent(max_tokens=16), ASK, "breaking max_tokens"),
    changed("RQ01: the name of a message's author", sent(messages=NAMED), ASK, "risky messages[0].name"),
    changed(
        "a name for the cache serves the provider alone",
        sent(user="u1", prompt_cache_key="k"),
        ASK,
        "info user",
        "info prompt_cache_key",
    ),
    changed("null says nothing", sent(seed=None), ASK, "info seed"),
    changed("RQ01, benign twin: all arrives, in another order", sent(seed=7, n=1), {"n": 1, **sent(seed=7)}),
    upgraded("the old gateway dropped it too", sent(seed=7), ASK, ASK),
    upgraded("only the new version drops it", sent(seed=7), sent(seed=7), ASK, "risky seed"),
    Row("a recording without a gateway", golden(sent(seed=7)), golden(sent(seed=7))),
    Row(
        "another operation has other fields",
        golden(sent(seed=7)),
        through(call({"model": "m"}, url="/v1/embeddings"), body=sent(seed=7)),
        also=("risky request-endpoint-changed path",),
    ),
    *(
        changed(f"{key}: the answer shows that it is lost", sent(**{key: value}), ASK, f"breaking {key}")
        for key, value in LOUD.items()
    ),
    *(changed(f"{key} is for caches", sent(**{key: "a"}), ASK, f"info {key}") for key in QUIET),
    *(
        changed(f"{key} of a message", turns(**{key: value}), turns(), f"breaking messages[1].{key}")
        for key, value in (("tool_call_id", "call_1"), ("tool_calls", [{"id": "call_1"}]))
    ),
    changed(
        "the text of a message",
        turns(),
        {**ASK, "messages": [{"role": "user", "content": "Hi"}, {"role": "tool"}]},
        "breaking messages[1].content",
    ),
    changed(
        "padding of a stream",
        sent(stream=True, stream_options={"include_obfuscation": False}),
        sent(stream=True, stream_options={}),
        "info stream_options.include_obfuscation",
    ),
)
