"""One API operation per file, found by this folder: `ENDPOINT` holds its path, schemas, grammar, fold and reading.

Adding an endpoint is one module here, one schema and recorded goldens; no rule changes, because rules ask the
endpoint and never look for `choices` or `[DONE]` themselves.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from urllib.parse import urlsplit

from gate.model import MISSING, Answer, Endpoint, Json

GENERAL = Endpoint("unknown", "", None, lambda body: Answer(body))
"""What is not known by name is judged by the general rules alone."""


@functools.cache
def endpoints() -> Mapping[str, Endpoint]:
    """Every endpoint by its name."""
    modules = (importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__))
    return {e.name: e for m in modules for e in _declared(m)}


def _declared(module: object) -> tuple[Endpoint, ...]:
    found = getattr(module, "ENDPOINT", ())
    return found if isinstance(found, tuple) else (found,)


def endpoint(name: str) -> Endpoint:
    """The endpoint of that name, or the general one."""
    return endpoints().get(name, GENERAL)


@functools.lru_cache(4096)
def for_url(url: str, method: str = "POST") -> Endpoint:
    """The endpoint whose path ends the URL's: recorders leave placeholders for hosts and prefixes."""
    path = urlsplit(url).path.rstrip("/")
    matches = [e for e in endpoints().values() if path.endswith(f"/{e.path}") or path == e.path]
    # "/chat/completions" also ends with "/completions"; a bare GET of "/responses/x" ends with neither
    return max(matches, key=lambda e: (e.method == method, len(e.path)), default=GENERAL)


def member(value: Json, key: str) -> Json:
    """A key of an object; MISSING where the value is no object or lacks it."""
    return value.get(key, MISSING) if isinstance(value, dict) else MISSING


def members(value: Json, key: str) -> list[Json]:
    """A list under a key of an object; empty where there is none."""
    found = member(value, key)
    return found if isinstance(found, list) else []


def text_of(content: Json) -> str:
    """What a content says: a string itself, or the text of its parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(text_of(member(p, "text")) for p in content if isinstance(p, dict))
    return ""
