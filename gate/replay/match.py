"""Which recorded exchange answers a request; pure and deterministic."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import cycle
from typing import Literal
from urllib.parse import urlsplit

from gate.model import Ending, Exchange, Json, Request
from gate.observe.request import outline
from gate.redact.kinds import BAD_KEY, KEY_HEADERS

Access = Literal["ok", "bad", "none", "denied"]

UNKNOWN_MODEL = "no-such-model"
_BAD = BAD_KEY.rpartition("-")[0]  # any key that begins like the suite's

# Kinds of recordings for each kind of key, best first. Scrubbing may have removed the recorded key; then a 401 is all
# that shows that it was a bad one.
_ACCEPTABLE: dict[Access, tuple[Access, ...]] = {
    "ok": ("ok", "denied"),
    "bad": ("bad", "denied", "ok"),
    "none": ("denied", "bad", "ok"),
}
# At the end, because recorded bases have prefixes of any form (`/openai/deployments/x/chat/completions`).
_ENDPOINT = re.compile(
    r"(?:^|/)((?:chat/)?completions|responses|embeddings|moderations|images/\w+|audio/\w+|models(?:/[^/]+)?|files)$"
)
# For endpoints that the pattern above does not know.
_VERSION = re.compile(r"^.*/v\d+\w*/")
# For bodies that are no JSON; the unknown model is the one name that matters for the answer.
_MODEL = re.compile(r'"model"\s*:\s*"(?!no-such-model")[^"]*"')


class Recordings:
    """Recorded exchanges by request. Those of equal requests are samples, played in turn."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        playable = [e for e in exchanges if e.response is not None or e.ending is not Ending.UNREACHABLE]
        self._exact = _Turns(playable, _exact_key)
        self._outline = _Turns(playable, _outline_key)

    def find(self, request: Request, base: str) -> Exchange | None:
        """The next recording of this request; None without one, or if the request's path is not below `base`.

        Requests are equal by body (without the model) and kind of key. A later step echoes replies, whose ids and
        texts may differ from the recorded ones; without an equal request those are left out of the comparison.
        """
        path = urlsplit(request.url).path
        # A client with a wrong base_url must see the 404 that a real route would give (T28).
        if not path.startswith(base):
            return None
        path, access = path.removeprefix(base), _access(request)
        # Exact first: two requests may differ only in an echoed reply, and each has an answer of its own.
        return self._exact.next(request, path, access) or self._outline.next(request, path, access)


class _Turns:
    """Recordings by a key of their request and the kind of their key; equal ones take turns."""

    def __init__(self, exchanges: Iterable[Exchange], key: Callable[[Request, str], Hashable]) -> None:
        self._key = key
        groups: dict[tuple[Hashable, Access], list[Exchange]] = defaultdict(list)
        for exchange in exchanges:
            request = exchange.request
            groups[key(request, recorded_path(request.url)), _recorded_access(exchange)].append(exchange)
        self._turns: dict[tuple[Hashable, Access], Iterator[Exchange]] = {k: cycle(v) for k, v in groups.items()}

    def next(self, request: Request, path: str, access: Access) -> Exchange | None:
        key = self._key(request, path)
        turns = (self._turns.get((key, kind)) for kind in _ACCEPTABLE[access])
        return next((next(turn) for turn in turns if turn is not None), None)


def recorded_path(url: str) -> str:
    """The part of a recorded URL below its base, wherever that base ends: `chat/completions`, `models/gpt-4o`."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return url
    if endpoint := _ENDPOINT.search(path):
        return endpoint[1]
    return _VERSION.sub("", path).lstrip("/")


def _access(request: Request) -> Access:
    values = [value for name, value in request.headers if name.lower() in KEY_HEADERS]
    if any(_BAD in value for value in values):
        return "bad"
    return "ok" if any(value.removeprefix("Bearer").strip() for value in values) else "none"


def _recorded_access(exchange: Exchange) -> Access:
    if _access(exchange.request) == "bad":
        return "bad"
    return "denied" if exchange.response is not None and exchange.response.status == 401 else "ok"


def _exact_key(request: Request, path: str) -> Hashable:
    return request.method, path, _canonical(request.body, lambda body: body)


def _outline_key(request: Request, path: str) -> Hashable:
    return request.method, path, _canonical(request.body, outline)


def _canonical(body: bytes | None, view: Callable[[Json], Json]) -> str:
    try:
        parsed = json.loads(body or b"null")
        if isinstance(parsed, dict) and parsed.get("model") != UNKNOWN_MODEL:
            parsed.pop("model", None)
        return json.dumps(view(parsed), sort_keys=True)
    except (ValueError, RecursionError):  # malformed on purpose, multipart, or too deep
        return _MODEL.sub("", (body or b"").decode(errors="replace"))
