"""The fields of requests, by path, each with the value that its absence stands for.

https://platform.openai.com/docs/api-reference has them in a page per endpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gate.model import MISSING, Json


def _fields(names: str, **defaults: Json) -> dict[str, Json]:
    return {**dict.fromkeys(names.split(), MISSING), **defaults}


def _below(path: str, names: Iterable[str]) -> dict[str, Json]:
    return {f"{path}.{name}": MISSING for name in names}


_SAMPLED: Mapping[str, Json] = {
    "temperature": 1, "top_p": 1, "frequency_penalty": 0, "presence_penalty": 0, "n": 1, "stream": False,
    "logit_bias": {}, "logprobs": False, "stop": [],
}  # fmt: skip

CHAT: Mapping[str, Json] = {
    **_fields(
        "model messages audio function_call functions max_completion_tokens max_tokens metadata prediction"
        " prompt_cache_key prompt_cache_retention reasoning_effort safety_identifier seed stream_options tool_choice"
        " tools top_logprobs user verbosity web_search_options",
        **_SAMPLED,
        modalities=["text"],
        parallel_tool_calls=True,
        response_format={"type": "text"},
        service_tier="auto",
        store=False,
    ),
    **_below(
        "messages[]", ("role", "content", "name", "tool_calls", "tool_call_id", "refusal", "audio", "function_call")
    ),
    **_below("tools[]", ("type", "function", "custom")),
    **_below("tools[].function", ("name", "description", "parameters", "strict")),
    **_below("stream_options", ("include_usage", "include_obfuscation")),
    "tools[].function.strict": False,
}

COMPLETION: Mapping[str, Json] = {
    **_fields("model prompt seed stream_options suffix user", **_SAMPLED, best_of=1, echo=False, max_tokens=16),
    **_below("stream_options", ("include_usage", "include_obfuscation")),
}

EMBEDDING: Mapping[str, Json] = _fields("input model dimensions user", encoding_format="float")

MODERATION: Mapping[str, Json] = _fields("input model")

IMAGE: Mapping[str, Json] = _fields(
    "prompt background model moderation output_compression output_format partial_images quality response_format size"
    " style user",
    n=1,
    stream=False,
)

RESPONSE: Mapping[str, Json] = _fields(
    "context_management conversation include input instructions max_output_tokens max_tool_calls metadata model"
    " previous_response_id prompt prompt_cache_key prompt_cache_retention reasoning safety_identifier stream_options"
    " text tools top_logprobs user",
    background=False,
    parallel_tool_calls=True,
    service_tier="auto",
    store=True,
    stream=False,
    temperature=1,
    tool_choice="auto",
    top_p=1,
    truncation="disabled",
)
