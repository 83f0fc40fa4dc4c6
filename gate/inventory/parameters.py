"""The parameters of a call site, and those that one provider alone understands. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gate.inventory.model import Parameter
from gate.inventory.names import names
from gate.inventory.source import resolved
from gate.inventory.syntax.node import Node
from gate.inventory.syntax.scopes import Scope

# What SDKs, frameworks and HTTP clients take for themselves, and no route ever sees in a body
_NOT_SENT = names(
    """
    timeout request_timeout timeoutMs max_retries maxRetries num_retries retries signal headers extra_headers
    extra_query query options http_client http_async_client httpAgent fetch dangerouslyAllowBrowser url method path
    api_key apiKey openai_api_key openAIApiKey base_url baseURL api_base openai_api_base azure_endpoint api_version
    api_type organization project defaultHeaders default_headers defaultQuery default_query configuration callbacks
    verbose cache response_model context validation_context abortSignal onFinish onError onChunk experimental_telemetry
    auth verify cookies stream_mode cast_to files data content deployment_id engine azure_deployment custom_llm_provider
    allow_redirects follow_redirects raise_for_status json body api_token http_options tags drop_params
    """
)
_BODIES = ("json", "body", "data", "content")
# names of what frameworks call otherwise, as the API has them
_API = {
    "model_name": "model",
    "modelName": "model",
    "streaming": "stream",
    "maxTokens": "max_tokens",
    "topP": "top_p",
    "maxOutputTokens": "max_tokens",
    "presencePenalty": "presence_penalty",
    "frequencyPenalty": "frequency_penalty",
}

# Parameters that one provider (or server) documents, and that the API does not have. One that two of them know is not
# among these.
_ONLY = """
vLLM https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
    guided_json guided_regex guided_choice guided_grammar guided_decoding_backend include_stop_str_in_output
    spaces_between_special_tokens allowed_token_ids truncate_prompt_tokens mm_processor_kwargs kv_transfer_params
    return_tokens_as_token_ids
SGLang https://docs.sglang.io/docs/advanced_features/separate_reasoning
    separate_reasoning stream_reasoning ebnf
llama.cpp https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
    cache_prompt id_slot n_predict timings_per_token
OpenRouter https://openrouter.ai/docs/api-reference/parameters
    provider route transforms
Groq https://console.groq.com/docs/api-reference
    search_settings compound_custom citation_options disable_tool_validation
Mistral https://docs.mistral.ai/api/
    safe_prompt random_seed prompt_mode
Perplexity https://docs.perplexity.ai/api-reference/chat-completions-post
    search_domain_filter search_recency_filter return_related_questions search_after_date_filter
xAI https://docs.x.ai/docs/api-reference
    search_parameters deferred
Azure https://learn.microsoft.com/azure/ai-services/openai/reference
    data_sources
DashScope https://www.alibabacloud.com/help/en/model-studio/use-qwen-by-calling-api
    enable_search search_options incremental_output vl_high_resolution_images
Gemini https://ai.google.dev/gemini-api/docs/openai
    google
Fireworks https://docs.fireworks.ai/api-reference/post-chatcompletions
    prompt_truncate_len context_length_exceeded_behavior
Together https://docs.together.ai/reference/chat-completions
    safety_model
OpenAI https://platform.openai.com/docs/api-reference/chat/create
    safety_identifier prompt_cache_retention
LiteLLM https://docs.litellm.ai/docs/completion/input
    mock_response litellm_metadata
"""


# https://platform.openai.com/docs/api-reference/chat/create
CHAT_PARAMETERS = names(
    """
    model messages stream stream_options temperature top_p max_tokens max_completion_tokens tools tool_choice functions
    function_call response_format stop n seed presence_penalty frequency_penalty logit_bias user logprobs top_logprobs
    parallel_tool_calls reasoning_effort service_tier store metadata modalities audio prediction verbosity
    """
)
"""What a chat request may hold by the API's own documentation."""


def _only() -> Iterator[tuple[str, str]]:
    provider = ""
    for line in _ONLY.strip().splitlines():
        if not line.startswith(" "):
            provider = line.split()[0]
        else:
            yield from ((name, provider) for name in line.split())


ONLY: Mapping[str, str] = dict(_only())
"""Parameter → the provider that alone documents it."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a call is given: its parameters in order, their values by name, and whether there are `more` than can be
    read from the source."""

    parameters: tuple[Parameter, ...] = ()
    more: bool = False
    values: Mapping[str, Node] = field(default_factory=dict)


def given(call: Node, scope: Scope, *, whole: bool = False) -> Given:
    """The parameters of a call; `whole`: of plain HTTP, whose body they are."""
    pairs, more = _body(call, scope) if whole else _arguments(call, scope)
    values: dict[str, Node] = {}
    names: dict[str, Parameter] = {}
    for name, value in pairs:
        plain = name.rpartition(".")[2]
        values.setdefault(_API.get(name, name), value)
        if name not in _NOT_SENT:
            told = _API.get(name, name)
            names.setdefault(told, Parameter(told, ONLY.get(plain, "")))
    return Given(tuple(names.values()), more, values)


# Chosen: an object by its name, with another by its name, of as many keys as no request has
_MOST_STEPS = 2
_MOST_PAIRS = 60

Pairs = list[tuple[str, Node]]


def _arguments(call: Node, scope: Scope) -> tuple[Pairs, bool]:
    """Keywords, and the keys of the first object: `create(model=…)`, `create({model: …})`."""
    pairs: Pairs = []
    more = False
    for number, part in enumerate(call.parts[1:]):
        if part.kind in ("keyword", "spread") or (number == 0 and part.kind in ("mapping", "name", "call")):
            found, open_ = _pairs(part, scope)
            pairs, more = pairs + found, more or open_
    return pairs, more


def _body(call: Node, scope: Scope) -> tuple[Pairs, bool]:
    """The keys of `json=…`, `body: JSON.stringify(…)` or the second argument: what plain HTTP sends."""
    named = [pair for part in call.parts[1:] for pair in (part.parts if part.kind == "mapping" else (part,))]
    bodies = [pair.parts[0] for pair in named if pair.kind == "keyword" and pair.word in _BODIES]
    bodies += [part for part in call.parts[2:3] if part.kind in ("mapping", "name") and not bodies]
    for body in bodies:
        found, more = _pairs(_written(body, scope), scope)
        return found, more
    return [], False


def _written(body: Node, scope: Scope) -> Node:
    """What is written as JSON: the argument of `json.dumps` or `JSON.stringify`."""
    found = resolved(body, scope)
    if found.kind == "call" and len(found.parts) > 1 and found.parts[0].word in ("dumps", "stringify", "encode"):
        return found.parts[1]
    return body


def _pairs(part: Node, scope: Scope, steps: int = _MOST_STEPS) -> tuple[Pairs, bool]:
    if part.kind == "keyword":
        if part.word in ("extra_body", "model_kwargs", "modelKwargs", "extraBody"):
            inner, more = _pairs(part.parts[0], scope, steps)
            start = "extra_body." if "ody" in part.word else ""
            return [(f"{start}{name}", value) for name, value in inner], more
        return ([(part.word, part.parts[0])], False) if part.word else ([], True)
    if part.kind == "spread":
        return _pairs(part.parts[0], scope, steps) if part.parts else ([], True)
    if part.kind == "name":
        return _named(part, scope, steps)
    if part.kind == "choose" or (part.kind == "logic" and part.word == "and"):  # `...(seed && { seed })`
        found = [_pairs(one, scope, steps) for one in (part.parts[1:] if part.kind == "choose" else part.parts[-1:])]
        return _joined(found)
    if part.kind == "mapping":
        found = [_pairs(pair, scope, steps) for pair in part.parts[:_MOST_PAIRS]]
        return _joined(found)
    if part.kind == "call" and part.parts[0].word == "dict":
        found = [_pairs(pair, scope, steps) for pair in part.parts[1 : _MOST_PAIRS + 1]]
        return _joined(found)
    return [], True


def _joined(found: Sequence[tuple[Pairs, bool]]) -> tuple[Pairs, bool]:
    return [pair for pairs, _ in found for pair in pairs], any(more for _, more in found)


def _named(part: Node, scope: Scope, steps: int) -> tuple[Pairs, bool]:
    """An object that a name stands for, with the keys that it gets later."""
    value = resolved(part, scope)
    # `options = {**options}` holds itself
    if not steps or value.kind not in ("mapping", "call") or value is part:
        return [], True
    pairs, more = _pairs(value, scope, steps - 1)
    return [*pairs, *scope.keys.get(part.word, ())[:_MOST_PAIRS]], more
