"""One API operation per file, found by this folder: `ENDPOINT` holds its path, schemas, grammar, fold and reading.

Adding an endpoint is one module here, one schema and recorded goldens; no rule changes, because rules ask the
endpoint and never look for `choices` or `[DONE]` themselves.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from gate.model import MISSING, Answer, Endpoint, Json, Problem, ProblemCode
from gate.wire.shape import show

GENERAL = Endpoint("unknown", "", None, lambda body: Answer(body), free=True)
"""What is not known by name is judged by the general rules alone."""


@functools.cache
def endpoints() -> Mapping[str, Endpoint]:
    """Every endpoint by its name."""
    modules = (importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__) if not m.ispkg)
    return {e.name: e for m in modules for e in _declared(m)}


def _declared(module: object) -> tuple[Endpoint, ...]:
    declared = getattr(module, "ENDPOINT", ())
    return declared if isinstance(declared, tuple) else (declared,)


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


def place(url: str, method: str) -> str:
    """What tells one unknown operation from another: `POST rerank`; prefixes differ by route, and ids by request."""
    words = [word for word in urlsplit(url).path.split("/") if word and not any(map(str.isdigit, word))]
    return f"{method} {words[-1]}" if words else method


def member(value: Json, key: str) -> Json:
    """A key of an object; MISSING where the value is no object or lacks it."""
    return value.get(key, MISSING) if isinstance(value, dict) else MISSING


def members(value: Json, key: str) -> list[Json]:
    """A list under a key of an object; empty where there is none."""
    items = member(value, key)
    return items if isinstance(items, list) else []


def is_error(doc: dict[str, Any], name: str | None) -> bool:
    """Whether an event of a stream is an error, in whichever dialect: OpenAI's, Anthropic's (ER23), a bare message."""
    if name == "error" or doc.get("error") or doc.get("type") == "error":
        return True
    return "choices" not in doc and ("detail" in doc or isinstance(doc.get("message"), str))


def text_of(content: Json) -> str:
    """What a content says: a string itself, or the text of its parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(text_of(member(p, "text")) for p in content if isinstance(p, dict))
    return ""


def changes(docs: Iterable[tuple[int, Json]]) -> list[Problem]:
    """Where chunks with a choice disagree about what one stream has once: `id-changed`, `created-changed`…"""
    first: dict[str, Json] = {}
    problems: dict[str, Problem] = {}
    for frame, doc in docs:
        for key, code in _ONCE.items() if members(doc, "choices") else ():
            value = doc.get(key)
            # a first chunk without an id says nothing of identity (S02 does)
            if value and first.setdefault(key, value) != value and key not in problems:
                problems[key] = Problem(code, key, frame, f"{show(first[key], 60)}, then {show(value, 60)}")
    return list(problems.values())


_ONCE = {
    "id": ProblemCode.ID_CHANGED,
    "created": ProblemCode.CREATED_CHANGED,
    "model": ProblemCode.MODEL_CHANGED,
}


def cumulative(parts: Sequence[str]) -> bool:
    """Each piece of text repeats all before it and goes on: a client that joins them says everything many times."""
    texts = [part for part in parts if part]
    grown = sum(len(later) > len(earlier) for earlier, later in pairwise(texts))
    return grown >= MIN_GROWN and all(later.startswith(earlier) for earlier, later in pairwise(texts))


MIN_GROWN = 3  # "a", "aa" happens


def said_again(parts: Sequence[str]) -> bool:
    """The last piece is all the text before it once more: a gateway sends the whole message after its deltas."""
    texts = [part for part in parts if part]
    return len(texts) > MIN_GROWN and len(texts[-1]) > MAX_ALIKE and texts[-1] == "".join(texts[:-1])


def doubled(parts: Sequence[str]) -> bool:
    """Each piece comes twice: what reads the stream and what forwards it are both at work."""
    texts = [part for part in parts if part]
    return len(texts) > 2 * MIN_GROWN and texts[0::2] == texts[1::2] and len(set(texts)) > 1


def restarted(parts: Sequence[str], at: int) -> bool:
    """The text begins again with this piece: what follows says first what the text said first."""
    before, after = "".join(parts[:at]).strip(), "".join(parts[at:]).strip()
    start = min(len(before), len(after), MAX_ALIKE)
    return start > 0 and before[:start] == after[:start]


def told_anew(parts: Sequence[str]) -> bool:
    """All the pieces so far come once more in the middle of a sentence, whatever else opens the answer again.

    Songs, rows and lines to write out repeat themselves as well, but whole: there a blank, a line's end or a
    punctuation mark stands between two copies.
    """
    texts = [part for part in parts if part]
    for at in range(MIN_ANEW, len(texts) // 2 + 1):
        if texts[at] == texts[0] and texts[at : 2 * at] == texts[:at]:
            within = texts[at - 1][-1].isalnum() and texts[0][0].isalnum()
            # a text may well repeat a few words; not one in which most pieces are new
            return within and 2 * len(set(texts[:at])) > at and sum(map(len, texts[:at])) > 2 * MAX_ALIKE
    return False


MIN_ANEW = 6  # pieces
MAX_ALIKE = 12  # characters that two beginnings must share
