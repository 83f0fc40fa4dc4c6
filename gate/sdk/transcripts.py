"""What a driver wrote → transcript. A driver runs foreign code: nothing that it writes is believed unread."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gate.model import Json, Post, Raised, Request, Transcript
from gate.replay.service import split_path

_OUTCOMES = ("returned", "raised", "waiting", "exited")


def transcript(call: str, said: Mapping[str, Any], posts: Iterable[tuple[float, Request]]) -> Transcript:
    """The transcript of a call: the driver's words and what the server received."""
    outcome = said.get("outcome")
    return Transcript(
        call=call,
        outcome=outcome if outcome in _OUTCOMES else "exited",
        values=_mapping(said.get("values")),
        events={kind: count for kind, count in _mapping(said.get("events")).items() if isinstance(count, int)},
        error=_raised(said.get("error")) if outcome == "raised" else None,
        headers=_texts(said.get("headers")),
        warnings=_texts(said.get("warnings")),
        outside=_texts(said.get("outside")),
        posts=posts_of(list(posts)),
        detail=str(said.get("detail", ""))[:300],
    )


def without_made_ids(seen: Transcript, body: bytes) -> Transcript:
    """The transcript with one word for each id of a tool call that did not come in the answer: SDKs make one where the
    route sends none, another one each time."""
    calls = seen.values.get("tool_calls")
    if not isinstance(calls, list):
        return seen
    made = [{**call, "id": "made by the SDK"} if _made(call, body) else call for call in calls]
    return replace(seen, values={**seen.values, "tool_calls": made})


def _made(call: Json, body: bytes) -> bool:
    name = call.get("id") if isinstance(call, dict) else None
    return isinstance(name, str) and name.encode("utf-8", "replace") not in body


def unusable(call: str, why: str) -> Transcript:
    """The transcript of a call that a version could not make."""
    return Transcript(call, "unusable", detail=why)


def _raised(error: Json) -> Raised:
    said = _mapping(error)
    read = {name: said.get(name) for name in ("status", "type", "code", "param", "request_id")}
    return Raised(_texts(said.get("classes")) or ("Exception",), str(said.get("message", ""))[:300], **read)


def posts_of(posts: Sequence[tuple[float, Request]]) -> tuple[Post, ...]:
    """What the server received, with times since the first."""
    start = posts[0][0] if posts else 0.0
    return tuple(_post(request, (at - start) * 1000) for at, request in posts)


def _post(request: Request, at_ms: float) -> Post:
    headers = {name.lower(): value for name, value in request.headers}
    path, *_ = split_path(request.url)
    return Post(request.method, path, headers, _body(request.body), round(at_ms, 1))


def _body(body: bytes | None) -> Json:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None


def _mapping(value: Json) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Json) -> tuple[str, ...]:
    # chosen: more classes, headers or warnings than these are no transcript of one call
    return tuple(str(item)[:300] for item in value[:100]) if isinstance(value, list) else ()
