"""What a driver wrote → transcript. A driver runs foreign code: nothing that it writes is believed unread."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gate.endpoints import member
from gate.model import Ending, Exchange, Json, Post, Raised, Request, Transcript
from gate.replay.service import split_path
from gate.wire import form
from gate.wire.encoding import content

_OUTCOMES = ("returned", "raised", "waiting", "exited")
# chosen: so many letters are the message; what a driver writes is cut after 300
_QUOTE = 40
_BOUNDARY = re.compile(r"boundary=[^;]+")
_ESCAPE = re.compile(r"\\[a-z]")


@dataclass(frozen=True, slots=True)
class Received:
    """A request that the server received, when (in seconds), and what became of it, where that is known; `open`: its
    answer was still under way when the call was over."""

    at: float
    request: Request
    ended: Exchange | None = None
    open: bool = False


def transcript(call: str, said: Mapping[str, Any], received: Sequence[Received]) -> Transcript:
    """The transcript of a call: the driver's words and what the server received."""
    outcome = said.get("outcome")
    first, timeout = said.get("first_ms"), said.get("timeout_s")
    return Transcript(
        call=call,
        outcome=outcome if outcome in _OUTCOMES else "exited",
        values=_mapping(said.get("values")),
        events={kind: count for kind, count in _mapping(said.get("events")).items() if isinstance(count, int)},
        error=_raised(said.get("error"), _message(received)) if outcome == "raised" else None,
        headers=_texts(said.get("headers")),
        warnings=_texts(said.get("warnings")),
        unhandled=_texts(said.get("unhandled")),
        outside=_texts(said.get("outside")),
        posts=posts_of(received),
        detail=str(said.get("detail", ""))[:300],
        first_ms=round(first, 1) if isinstance(first, int | float) else None,
        cancelled=said.get("cancelled") is True,
        timeout_s=timeout if isinstance(timeout, int | float) else None,
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


def _raised(error: Json, message: str) -> Raised:
    said = _mapping(error)
    read = {name: said.get(name) for name in ("status", "type", "code", "param", "request_id", "retryable")}
    text = str(said.get("message", ""))
    quoted = _letters(message) in _letters(text) if message else None
    return Raised(_texts(said.get("classes")) or ("Exception",), text[:300], **read, quoted=quoted)


def _message(received: Sequence[Received]) -> str:
    """The start of the message that the last answer brought; empty where it brought none."""
    ended = received[-1].ended if received else None
    if ended is None or ended.response is None:
        return ""
    error = member(_body(content(ended.response)), "error")
    message = member(error, "message")
    return message[:_QUOTE] if isinstance(message, str) else ""


def _letters(text: str) -> str:
    """Without what quotation and line breaks change in it."""
    return "".join(filter(str.isalnum, _ESCAPE.sub("", text)))


def posts_of(received: Sequence[Received]) -> tuple[Post, ...]:
    """What the server received, with times since the first."""
    start = received[0].at if received else 0.0
    return tuple(_post(one, (one.at - start) * 1000) for one in received)


def _post(one: Received, at_ms: float) -> Post:
    # another boundary each time
    headers = {name.lower(): _BOUNDARY.sub("boundary=…", value) for name, value in one.request.headers}
    path, *_ = split_path(one.request.url)
    fields = form.parts(one.request.body, one.request.headers)
    body = _body(one.request.body) if fields is None else {name: _field(file, part) for name, file, part in fields}
    post = Post(one.request.method, path, headers, body, round(at_ms, 1))
    if one.ended is None:
        return replace(post, ending="open") if one.open else post
    # the server calls it cancelled, whatever made the client go
    ending = "left" if one.ended.ending is Ending.CANCELLED else one.ended.ending.value
    answer = one.ended.response.headers if one.ended.response else ()
    pause = next((value for name, value in answer if name.lower() == "retry-after"), "")
    return replace(post, ending=ending, ended_ms=round(one.ended.total_ms or 0.0, 1), retry_after=pause)


def _field(file: str, content: bytes) -> Json:
    # SDKs name a file as they like
    return {"bytes": len(content)} if file else content.decode("utf-8", "replace")


def _body(body: bytes | None) -> Json:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None


def _mapping(value: Json) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Json) -> tuple[str, ...]:
    # chosen: more classes, headers or warnings than these are no transcript of one call
    return tuple(str(item)[:300] for item in value[:100]) if isinstance(value, list) else ()
