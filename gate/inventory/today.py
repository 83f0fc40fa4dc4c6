"""The route that a repository uses today, as its environment and its code tell. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from gate.config.urls import azure, host
from gate.inventory.model import Call, Client, Scan
from gate.inventory.values import variable
from gate.text.safe import line

OPENAI = "https://api.openai.com/v1"
_OPENAI_KEY = "OPENAI_API_KEY"
_OPENAI_MODELS = ("gpt-4o-mini", "text-embedding-3-small")
_AZURE_KEY = "AZURE_OPENAI_API_KEY"
# What the SDKs of OpenAI read (the second until 1.0), Azure's form of it, and the SDK side of LiteLLM's proxy; each
# with the key that it sends there.
_BASE_URLS: Mapping[str, str] = {
    "OPENAI_BASE_URL": _OPENAI_KEY,
    "OPENAI_API_BASE": _OPENAI_KEY,
    "AZURE_OPENAI_ENDPOINT": _AZURE_KEY,
    "LITELLM_PROXY_API_BASE": "LITELLM_PROXY_API_KEY",
}
# The variable in each provider's own documentation, and the base_url that it gives for clients of OpenAI.
PROVIDERS: Mapping[str, str] = {
    "CEREBRAS_API_KEY": "https://api.cerebras.ai/v1",
    "DEEPSEEK_API_KEY": "https://api.deepseek.com/v1",
    "FIREWORKS_API_KEY": "https://api.fireworks.ai/inference/v1",
    "GEMINI_API_KEY": "https://generativelanguage.googleapis.com/v1beta/openai",
    "GROQ_API_KEY": "https://api.groq.com/openai/v1",
    "MISTRAL_API_KEY": "https://api.mistral.ai/v1",
    "NVIDIA_API_KEY": "https://integrate.api.nvidia.com/v1",
    "OPENROUTER_API_KEY": "https://openrouter.ai/api/v1",
    "TOGETHER_API_KEY": "https://api.together.xyz/v1",
    "XAI_API_KEY": "https://api.x.ai/v1",
}
_LOCAL = ("localhost", "127.0.0.1", "[::1]", "0.0.0.0")  # noqa: S104 (a name to compare with)
# No `${NAME}`, which gate.yaml would fill with a variable of the machine.
NAME = re.compile(r"[\w./:@+ -]{1,120}")
"""What the name of a model may be, where code or a remote has it."""


@dataclass(frozen=True, slots=True)
class Today:
    """A baseline. `key_env` is empty for a route without a key, a model's name where nothing tells it; `why` says where
    the base_url comes from, `by_code` that it is code, which may be a stranger's; `paired`, that the key is known to be
    for this host: it is the provider's own, or goes there by a variable of OpenAI's SDKs."""

    base_url: str
    key_env: str
    chat: str = ""
    embedding: str = ""
    why: str = ""
    by_code: bool = False
    paired: bool = False


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a base_url comes from. `key_env` has the key that goes with it; `openai`: by one of OpenAI's variables."""

    url: str
    key_env: str = _OPENAI_KEY
    why: str = ""
    by_code: bool = False
    openai: bool = False


def today(found: Scan, environ: Mapping[str, str], base_url: str = "") -> Today:
    """The baseline: `base_url` where one is given, else what the environment says, then the code, then a key."""
    source = _Source(base_url) if base_url else _source(found, environ)
    url = _with_path(source.url)
    calls = [call for call in found.calls if not call.in_tests]
    chat = _model(calls, ("chat.completions", "responses", "completions"))
    embedding = _model(calls, ("embeddings",))
    if url == OPENAI:
        chat, embedding = chat or _OPENAI_MODELS[0], embedding or _OPENAI_MODELS[1]
    own = _own_key(url)
    # code that names a key of its own for a provider's host is believed; `paired` then says no
    key_env = source.key_env if source.by_code and source.key_env else own or source.key_env
    # an engine on this machine seldom wants a key, and says so where it does
    key_env = "" if host(url) in _LOCAL and not environ.get(key_env) else key_env
    paired = bool(key_env) and (source.openai or key_env == own)
    return Today(url, key_env, chat, embedding, source.why, source.by_code, paired)


def _source(found: Scan, environ: Mapping[str, str]) -> _Source:
    for name, key_env in _BASE_URLS.items():
        if url := environ.get(name, "").strip():
            return _Source(url, key_env, f"{name} of the environment", openai=key_env == _OPENAI_KEY)
    for client in (client for client in found.clients if not client.in_tests):
        if told := _of_client(client, environ):
            return _Source(told, client.key_env, line(str(client.place)), by_code=True)
    keys = [name for name in PROVIDERS if environ.get(name)]
    # a second one would make it a guess, and OpenAI's own says that it is used
    if len(keys) == 1 and not environ.get(_OPENAI_KEY):
        return _Source(PROVIDERS[keys[0]], keys[0], f"{keys[0]} of the environment")
    return _Source(OPENAI)


def _of_client(client: Client, environ: Mapping[str, str]) -> str:
    """The base_url of a client, by its text or by the value of its variable; empty where the code does not tell."""
    if name := variable(client.base_url):
        value = environ.get(name, "").strip()
        # code may name any variable, and the file gets committed
        return value if value.startswith(("http://", "https://")) else f"${{{name}}}"
    # `.invalid` and the like never leave a test
    whole = re.fullmatch(r"https?://[^\s…{}*]+", client.base_url)
    return client.base_url if whole and client.base_url.rstrip("/") != OPENAI else ""


def _with_path(url: str) -> str:
    """A bare Azure endpoint, which is what Azure's own clients take, with the path of its API."""
    bare = azure(url) and urlsplit(url).path in ("", "/") and not urlsplit(url).query
    return f"{url.rstrip('/')}/openai/v1" if bare else url


def _own_key(url: str) -> str:
    """The variable for the key of a provider, by its host; empty for any other."""
    if azure(url):
        return _AZURE_KEY
    known = {**PROVIDERS, _OPENAI_KEY: OPENAI}
    return next((name for name, base in known.items() if host(base) == host(url)), "")


def _model(calls: Sequence[Call], endpoints: Sequence[str]) -> str:
    """The model that is named most often, the first of several."""
    counted = Counter(call.model for call in calls if call.endpoint in endpoints and NAME.fullmatch(call.model))
    return counted.most_common(1)[0][0] if counted else ""
