"""One API operation per file, found by this folder: `ENDPOINT` holds its path, schemas, grammar, fold and reading.

Adding an endpoint is one module here, one schema and its examples; no rule changes, because rules read what the
endpoint declares and never look for `choices` or `[DONE]` themselves. What several modules share is in modules whose
names start with an underscore.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from gate.model import MISSING, Answer, Endpoint, Json

GENERAL = Endpoint("unknown", "", None, lambda body: Answer(body), free=True)
"""The endpoint of every unknown path: it has no schema and no grammar."""


@functools.cache
def endpoints() -> Mapping[str, Endpoint]:
    """Every endpoint by its name."""
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg]
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names if not name.startswith("_")]
    return {endpoint.name: endpoint for module in modules for endpoint in declared(module)}


def declared(module: ModuleType) -> tuple[Endpoint, ...]:
    """What a module of this folder declares. Raises TypeError where that is nothing."""
    found: Endpoint | tuple[Endpoint, ...] | None = getattr(module, "ENDPOINT", None)
    if found is None:
        raise TypeError(f"{module.__file__}: no ENDPOINT; a module that is no endpoint has a name that starts with _")
    return found if isinstance(found, tuple) else (found,)


def endpoint(name: str) -> Endpoint:
    """The endpoint of that name, or GENERAL."""
    return endpoints().get(name, GENERAL)


# Chosen; no source: a suite has a handful of URLs. Bounded, because a recording of others may have any number.
@functools.lru_cache(4096)
def for_url(url: str, method: str = "POST") -> Endpoint:
    """The endpoint whose path ends the URL's: recorders leave placeholders for hosts and prefixes."""
    path = urlsplit(url).path.rstrip("/")
    matches = [e for e in endpoints().values() if path.endswith(f"/{e.path}") or path == e.path]
    # "/chat/completions" also ends with "/completions"; a bare GET of "/responses/x" ends with neither
    return max(matches, key=lambda e: (e.method == method, len(e.path)), default=GENERAL)


def place(url: str, method: str) -> str:
    """A name for an unknown operation, `POST rerank`, without what differs by route (prefixes) or request (ids)."""
    # any digit drops a word: ids have some; `v1` goes too, which differs by route
    words = [word for word in urlsplit(url).path.split("/") if word and not any(map(str.isdigit, word))]
    return f"{method} {words[-1]}" if words else method


def member(value: Json, key: str) -> Json:
    """The value of a key; MISSING where `value` is not an object or lacks it."""
    return value.get(key, MISSING) if isinstance(value, dict) else MISSING


def members(value: Json, key: str) -> list[Json]:
    """The list under a key of an object; empty where there is none."""
    items = member(value, key)
    return items if isinstance(items, list) else []


def objects(value: Json, key: str) -> list[tuple[int, dict[str, Any]]]:
    """(index, object) for each object of the list under a key."""
    return [(index, item) for index, item in enumerate(members(value, key)) if isinstance(item, dict)]


def is_error(doc: dict[str, Any], name: str | None) -> bool:
    """Whether an event of a stream is an error: OpenAI's, Anthropic's (ER23), or a bare message."""
    # by the name alone: an `event: error` is one whatever its members are (ER23 has another API's)
    if name == "error" or doc.get("error") or doc.get("type") == "error":
        return True
    # FastAPI's `detail` (ER03) and the bare message of Mistral and Cerebras (rows of error-envelope), as a chunk
    return "choices" not in doc and ("detail" in doc or isinstance(doc.get("message"), str))


def read_whole(body: Json) -> Answer:
    """The answer of an endpoint without choices: the body itself."""
    return Answer(body, usage=member(body, "usage"), model=member(body, "model"), id=member(body, "id"))


def text_of(content: Json) -> str:
    """The text of a content: a string itself, or the texts of its parts joined."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(text_of(member(p, "text")) for p in content if isinstance(p, dict))
    return ""
