"""What SDKs of OpenAI-compatible APIs are called by: methods, functions and classes, and the endpoint of each. Pure.

A row is one public name of a package's own documentation. Nothing is imported: a name in source is compared with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gate.inventory.names import names

CHAT, RESPONSES, EMBEDDINGS, COMPLETIONS = "chat.completions", "responses", "embeddings", "completions"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a name calls. `streams`: `yes` and `no` whatever the arguments are, `asked` by an argument."""

    endpoint: str
    streams: str = "asked"


# https://github.com/openai/openai-python/blob/main/api.md and the same page of openai-node; Groq's, Together's and
# Cerebras' SDKs are generated from the same methods.
_METHODS = """
    chat.completions.create        chat.completions asked
    chat.completions.parse         chat.completions no
    chat.completions.stream        chat.completions yes
    chat.completions.runTools      chat.completions asked
    completions.create             completions      asked
    embeddings.create              embeddings       no
    responses.create               responses        asked
    responses.parse                responses        no
    responses.stream               responses        yes
    moderations.create             moderations      no
    models.list                    models           no
    images.generate                images           asked
    files.list                     files            no
    audio.speech.create            audio.speech     no
    audio.transcriptions.create    audio.transcriptions asked
    audio.translations.create      audio.translations   no
    ChatCompletion.create          chat.completions asked
    ChatCompletion.acreate         chat.completions asked
    Completion.create              completions      asked
    Completion.acreate             completions      asked
    Embedding.create               embeddings       no
    Embedding.acreate              embeddings       no
    Moderation.create              moderations      no
    createChatCompletion           chat.completions asked
    createEmbedding                embeddings       no
    createCompletion               completions      asked
"""
METHODS: Mapping[tuple[str, ...], Entry] = {
    tuple(row.split()[0].split(".")): Entry(*row.split()[1:]) for row in _METHODS.strip().splitlines()
}

UNMISTAKABLE = frozenset({"chat", "ChatCompletion", "Embedding", "createChatCompletion"})
"""First words of methods that only such an SDK has: `files.list` of an unknown object may be anything."""

IN_BETWEEN = frozenset({"with_raw_response", "with_streaming_response", "beta"})
"""Words within a path that change how an answer is given, not what is called."""

# https://docs.litellm.ai/docs/ · https://ai-sdk.dev/docs/reference/ai-sdk-core ·
# https://openai.github.io/openai-agents-python/running_agents/
_FUNCTIONS = """
    litellm.completion                chat.completions asked
    litellm.acompletion               chat.completions asked
    litellm.text_completion           completions      asked
    litellm.embedding                 embeddings       no
    litellm.aembedding                embeddings       no
    litellm.responses                 responses        asked
    litellm.aresponses                responses        asked
    litellm.moderation                moderations      no
    litellm.image_generation          images           no
    litellm.transcription             audio.transcriptions no
    litellm.speech                    audio.speech     no
    agents.Runner.run                 responses        no
    agents.Runner.run_sync            responses        no
    agents.Runner.run_streamed        responses        yes
    ai.generateText                   chat.completions no
    ai.streamText                     chat.completions yes
    ai.generateObject                 chat.completions no
    ai.streamObject                   chat.completions yes
    ai.embed                          embeddings       no
    ai.embedMany                      embeddings       no
    @openai/agents.run                responses        asked
    langchain_openai.ChatOpenAI                  chat.completions asked
    langchain_openai.AzureChatOpenAI             chat.completions asked
    langchain_openai.OpenAI                      completions      asked
    langchain_openai.OpenAIEmbeddings            embeddings       no
    langchain_openai.AzureOpenAIEmbeddings       embeddings       no
    langchain_community.chat_models.ChatOpenAI   chat.completions asked
    langchain_community.embeddings.OpenAIEmbeddings embeddings    no
    langchain_community.llms.OpenAI              completions      asked
    langchain.chat_models.ChatOpenAI             chat.completions asked
    langchain.embeddings.OpenAIEmbeddings        embeddings       no
    langchain.embeddings.openai.OpenAIEmbeddings embeddings       no
    langchain.llms.OpenAI                        completions      asked
    llama_index.llms.openai.OpenAI               chat.completions asked
    llama_index.llms.openai_like.OpenAILike      chat.completions asked
    llama_index.embeddings.openai.OpenAIEmbedding embeddings      no
    pydantic_ai.models.openai.OpenAIModel        chat.completions asked
    pydantic_ai.models.openai.OpenAIChatModel    chat.completions asked
    pydantic_ai.models.openai.OpenAIResponsesModel responses      asked
    agents.OpenAIChatCompletionsModel            chat.completions asked
    agents.OpenAIResponsesModel                  responses        asked
    @langchain/openai.ChatOpenAI                 chat.completions asked
    @langchain/openai.AzureChatOpenAI            chat.completions asked
    @langchain/openai.OpenAI                     completions      asked
    @langchain/openai.OpenAIEmbeddings           embeddings       no
"""
FUNCTIONS: Mapping[str, Entry] = {row.split()[0]: Entry(*row.split()[1:]) for row in _FUNCTIONS.strip().splitlines()}
"""By dotted name of what is called, or made: a framework's model is configured where it is made."""

CLIENTS = names(
    """
    openai.OpenAI openai.AsyncOpenAI openai.AzureOpenAI openai.AsyncAzureOpenAI openai.Client openai.AsyncClient
    langfuse.openai.OpenAI langfuse.openai.AsyncOpenAI posthog.ai.openai.OpenAI
    groq.Groq groq.AsyncGroq together.Together together.AsyncTogether
    cerebras.cloud.sdk.Cerebras cerebras.cloud.sdk.AsyncCerebras litellm.Router
    openai groq-sdk together-ai openai.default groq-sdk.default groq-sdk.Groq together-ai.default
    @ai-sdk/openai.createOpenAI @ai-sdk/openai-compatible.createOpenAICompatible @ai-sdk/azure.createAzure
    openai.default.OpenAI openai.default.AzureOpenAI
    """
)
"""Dotted names of what makes a client."""

HTTP = frozenset({"httpx", "httpx2", "requests", "aiohttp", "urllib3", "axios", "got", "ky", "undici", "node-fetch"})
"""HTTP clients that call an endpoint by its URL."""

_PACKAGES: Mapping[str, str] = {
    "langfuse": "openai",
    "posthog": "openai",
    "cerebras": "cerebras-cloud-sdk",
    "agents": "openai-agents",
    "llama_index": "llama-index-llms-openai",
    "langchain_openai": "langchain-openai",
    "langchain_community": "langchain-community",
    "pydantic_ai": "pydantic-ai",
}


def package(dotted: str, ecosystem: str) -> str:
    """`pypi:langchain-openai` for a dotted name that is imported from it; empty for what is no known SDK."""
    if dotted.startswith("@"):
        return f"npm:{'/'.join(dotted.split('.')[0].split('/')[:2])}"
    first = dotted.partition(".")[0].partition("/")[0]
    return f"{ecosystem}:{_PACKAGES.get(first, first)}" if first in _KNOWN else ""


_KNOWN = frozenset(
    {name.partition(".")[0] for name in (*FUNCTIONS, *CLIENTS)} | HTTP | {"instructor", "openai"} | set(_PACKAGES)
)
