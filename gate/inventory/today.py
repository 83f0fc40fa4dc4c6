"""The route that a repository uses today, as its environment and its code tell. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from gate.config.urls import azure
from gate.inventory.model import Call, Client, Scan
from gate.text.safe import line

OPENAI = "https://api.openai.com/v1"
_OPENAI_KEY = "OPENAI_API_KEY"
_OPENAI_MODELS = ("gpt-4o-mini", "text-embedding-3-small")
_AZURE_KEY = "AZURE_OPENAI_API_KEY"
# What the SDKs of OpenAI read (the second until 1.0), Azure's form of it, and the SDK side of LiteLLM's proxy.
_BASE_URLS = ("OPENAI_BASE_URL", "OPENAI_API_BASE", "AZURE_OPENAI_ENDPOINT", "LITELLM_PROXY_API_BASE")
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
# `$LLM_URL`, as `gate.inventory.values` shows a variable
_VARIABLE = re.compile(r"\$([A-Za-z_]\w*)")


@dataclass(frozen=True, slots=True)
class Today:
    """A baseline. `key_env` is empty for a route without a key, a model's name where nothing tells it; `why` says where
    the base_url comes from, `by_code` that it is code, which may be a stranger's."""

    base_url: str
    key_env: str
    chat: str = ""
    embedding: str = ""
    why: str = ""
    by_code: bool = False


def today(found: Scan, environ: Mapping[str, str], base_url: str = "") -> Today:
    """The baseline: `base_url` where one is given, else what the environment says, then the code, then a key."""
    url, why, by_code = (base_url, "", False) if base_url else _base_url(found, environ)
    url = _with_path(url)
    calls = [call for call in found.calls if not call.in_tests]
    chat = _model(calls, ("chat.completions", "responses", "completions"))
    embedding = _model(calls, ("embeddings",))
    if url == OPENAI:
        chat, embedding = chat or _OPENAI_MODELS[0], embedding or _OPENAI_MODELS[1]
    return Today(url, _key_env(url, environ), chat, embedding, why, by_code)


def _base_url(found: Scan, environ: Mapping[str, str]) -> tuple[str, str, bool]:
    for name in _BASE_URLS:
        if url := environ.get(name, "").strip():
            return url, f"{name} of the environment", False
    for client in (client for client in found.clients if not client.in_tests):
        if told := _of_client(client, environ):
            return told, line(str(client.place)), True
    keys = [name for name in PROVIDERS if environ.get(name)]
    # a second one would make it a guess, and OpenAI's own says that it is used
    if len(keys) == 1 and not environ.get(_OPENAI_KEY):
        return PROVIDERS[keys[0]], f"{keys[0]} of the environment", False
    return OPENAI, "", False


def _of_client(client: Client, environ: Mapping[str, str]) -> str:
    """The base_url of a client, by its text or by the value of its variable; empty where the code does not tell."""
    if variable := _VARIABLE.match(client.base_url):
        value = environ.get(variable[1], "").strip()
        # code may name any variable, and the file gets committed
        return value if value.startswith(("http://", "https://")) else f"${{{variable[1]}}}"
    # `.invalid` and the like never leave a test
    whole = re.fullmatch(r"https?://[^\s…{}*]+", client.base_url)
    return client.base_url if whole and client.base_url.rstrip("/") != OPENAI else ""


def _with_path(url: str) -> str:
    """A bare Azure endpoint, which is what Azure's own clients take, with the path of its API."""
    parts = urlsplit(url)
    return f"{url.rstrip('/')}/openai/v1" if azure(url) and parts.path in ("", "/") and not parts.query else url


def _key_env(url: str, environ: Mapping[str, str]) -> str:
    host = urlsplit(url).hostname
    if azure(url):
        return _AZURE_KEY
    own = next((name for name, base in PROVIDERS.items() if urlsplit(base).hostname == host), _OPENAI_KEY)
    # an engine on this machine seldom wants a key, and says so where it does
    return "" if host in _LOCAL and not environ.get(own) else own


def _model(calls: Sequence[Call], endpoints: Sequence[str]) -> str:
    """The model that is named most often, the first of several."""
    counted = Counter(call.model for call in calls if call.endpoint in endpoints and NAME.fullmatch(call.model))
    return counted.most_common(1)[0][0] if counted else ""
