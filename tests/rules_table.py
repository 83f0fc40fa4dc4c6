"""What the tables in `tests/rules/` are written in: rows, and short ways to say a request and a response."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gate.judge.compare import Cell, compare
from gate.judge.pairing import observed
from gate.model import (
    Chunk,
    Ending,
    Exchange,
    Finding,
    Post,
    Raised,
    Request,
    Response,
    Samples,
    Transcript,
)
from gate.model.transcript import Outcome
from gate.rules import rules
from tests.tracing import untraced

CHAT = "/v1/chat/completions"
ASK: Mapping[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
ASK_USAGE: Mapping[str, Any] = {**ASK, "stream_options": {"include_usage": True}}


@dataclass(frozen=True)
class Row:
    """One case. `why` quotes the drift or thread it comes from.

    `fires` lists this rule's findings as `severity path`; `also` the risky and breaking findings of other rules as
    `severity rule path`, so that a row shows the whole judgement.
    """

    why: str
    golden: Exchange | Sequence[Exchange]
    candidate: Exchange | Sequence[Exchange]
    fires: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    golden_twin: Sequence[Exchange] = ()
    candidate_twin: Sequence[Exchange] = ()


def plain(
    body: object,
    request: Mapping[str, Any] = ASK,
    *,
    status: int = 200,
    url: str = CHAT,
    headers: Mapping[str, str] | None = None,
    **facts: Any,
) -> Exchange:
    """An exchange with a JSON body (or the very bytes, when `body` is bytes)."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"content-type": "application/json", **(headers or {})}
    return Exchange(
        Request("POST", f"https://host.test{url}", (), json.dumps(request).encode()),
        Response(status, "", tuple(given.items()), raw),
        **facts,
    )


def stream(
    *events: object,
    request: Mapping[str, Any] = ASK,
    done: bool = True,
    at: Sequence[float] = (),
    url: str = CHAT,
    **facts: Any,
) -> Exchange:
    """A streamed exchange: each event a JSON value, or the very bytes of a frame; `at` are arrival times in ms."""
    frames = [e if isinstance(e, bytes) else b"data: " + json.dumps(e).encode() + b"\n\n" for e in events]
    frames += [b"data: [DONE]\n\n"] if done else []
    chunks = tuple(Chunk(ms, len(frame)) for ms, frame in zip(at, frames, strict=False))
    asked = {**request, "stream": True}
    headers = {"content-type": "text/event-stream", **facts.pop("headers", {})}
    return Exchange(
        Request("POST", f"https://host.test{url}", (), json.dumps(asked).encode()),
        Response(facts.pop("status", 200), "", tuple(headers.items()), b"".join(frames)),
        chunks,
        **facts,
    )


def rewritten(exchange: Exchange, old: bytes, new: bytes) -> Exchange:
    """The exchange with bytes of its body replaced, as an intermediary does it."""
    assert exchange.response is not None
    body = exchange.response.body.replace(old, new)
    assert body != exchange.response.body
    return replace(exchange, response=replace(exchange.response, body=body))


def none(ending: Ending, detail: str = "", request: Mapping[str, Any] = ASK) -> Exchange:
    """An attempt that brought no response."""
    return Exchange(
        Request("POST", f"https://host.test{CHAT}", (), json.dumps(request).encode()),
        None,
        ending=ending,
        detail=detail,
    )


USAGE = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}


def completion(message: Mapping[str, Any] | None = None, finish: Any = "stop", **top: Any) -> dict[str, Any]:
    """A right chat completion; `message` and `top` override."""
    said = {"role": "assistant", "content": "Hello.", "refusal": None, **(message or {})}
    choice = {"index": 0, "message": said, "logprobs": None, "finish_reason": finish}
    head = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1721172741, "model": "m-2024"}
    return {**head, "choices": [choice], "usage": USAGE, **top}


def chunk(delta: Mapping[str, Any] | None = None, finish: Any = None, **top: Any) -> dict[str, Any]:
    """A right chunk of a chat stream; `top` overrides (choices among them)."""
    choice = {"index": 0, "delta": dict(delta or {}), "logprobs": None, "finish_reason": finish}
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1721172741, "model": "m-2024"}
    return {**head, "choices": [choice], **top}


ROLE = chunk({"role": "assistant", "content": ""})
HELLO = (ROLE, chunk({"content": "Hel"}), chunk({"content": "lo."}), chunk({}, "stop"))


def call(arguments: Any = '{"city": "Paris"}', **changes: Any) -> dict[str, Any]:
    """A right tool call of a plain answer; `name` names the function, other changes override keys."""
    name = changes.pop("name", "get_weather")
    return {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}, **changes}


TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
            "additionalProperties": False,
        },
    },
}
ASK_TOOL: Mapping[str, Any] = {**ASK, "tools": [TOOL], "tool_choice": "required"}


def calling(*deltas: Mapping[str, Any], request: Mapping[str, Any] = ASK_TOOL) -> Exchange:
    """A stream that calls tools, one delta of a call in each chunk."""
    return stream(ROLE, *(chunk({"tool_calls": [d]}) for d in deltas), chunk({}, "tool_calls"), request=request)


def called(*calls: Mapping[str, Any], request: Mapping[str, Any] = ASK_TOOL, **message: Any) -> Exchange:
    """A plain answer that calls tools; `message` overrides its other keys."""
    return plain(completion({"content": None, "tool_calls": list(calls), **message}, "tool_calls"), request)


EMBED = "/v1/embeddings"


def embedding(*vectors: Any, **top: Any) -> dict[str, Any]:
    """A right embeddings body around these vectors, numbered in order; `top` overrides."""
    data = [{"object": "embedding", "index": i, "embedding": vector} for i, vector in enumerate(vectors)]
    usage = {"prompt_tokens": 8, "total_tokens": 8}
    return {"object": "list", "data": data, "model": "m-embed", "usage": usage, **top}


def embedded(*vectors: Any, ask: Any = "a text", top: Mapping[str, Any] | None = None, **request: Any) -> Exchange:
    """An embeddings exchange; `ask` is the input, `request` other keys of the request, `top` of the body."""
    return plain(embedding(*vectors, **(top or {})), {"model": "m", "input": ask, **request}, url=EMBED)


def refusal(
    status: int, kind: Any = "invalid_request_error", code: Any = None, message: Any = "No.", **facts: Any
) -> Exchange:
    """A failure in the API's own envelope; `facts` go to `plain`."""
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return plain(facts.pop("body", body), facts.pop("request", ASK), status=status, **facts)


def key(row: Row) -> object:
    """What makes two rows the same judgement; many rows of a table share a golden."""
    return tuple(tuple(_many(side)) for side in (row.golden, row.candidate, row.golden_twin, row.candidate_twin))


def judge(row: Row, rule: str = "") -> tuple[Finding, ...]:
    """All findings of a row, over all rules; a crashed rule fails the test that asked. Coverage sees the rules that
    tell something, and those of the area of the row's `rule`."""
    cell = Cell("case", 0, _samples(row.golden, row.golden_twin), _samples(row.candidate, row.candidate_twin))
    with untraced():
        findings, crashes = compare([cell])
    assert not crashes, crashes[0].traceback
    seen = {finding.rule for finding in findings}
    if rule:
        seen |= {other.id for other in rules().values() if other.area == rules()[rule].area}
    compare([cell], {id_: rules()[id_] for id_ in sorted(seen)})
    return findings


def _samples(exchanges: Exchange | Sequence[Exchange], twin: Sequence[Exchange]) -> Samples:
    return Samples(observed(_many(exchanges)), observed(twin))


def _many(exchanges: Exchange | Sequence[Exchange]) -> Sequence[Exchange]:
    return (exchanges,) if isinstance(exchanges, Exchange) else exchanges


def swap(row: Row, side: str) -> Row:
    """The row with one side on both: a route compared with itself."""
    if side == "golden":
        return Row(row.why, row.golden, row.golden, golden_twin=row.golden_twin, candidate_twin=row.golden_twin)
    return Row(row.why, row.candidate, row.candidate, golden_twin=row.candidate_twin, candidate_twin=row.candidate_twin)


# -- transcripts of an SDK ----------------------------------------------------------------------


def seen(*calls: str, outcome: Outcome = "returned", more: Exchange | None = None, **read: Any) -> Exchange:
    """An exchange and what an SDK made of it, alike for all `calls`; `more` brings the transcripts of another one."""
    made = tuple(Transcript(call, outcome, **read) for call in calls or ("create",))
    return replace(plain(completion()), transcripts=made + (more.transcripts if more else ()))


def raises(*classes: str, call: str = "create", posts: tuple[Post, ...] = (), **read: Any) -> Exchange:
    """An exchange for which an SDK raised; `read` are the attributes of the exception."""
    return seen(call, outcome="raised", error=Raised(classes, **read), posts=posts)


def post(path: str, body: Any, at: float = 0.0, **headers: str) -> Post:
    """A request as the server received it, `at` seconds after the first of its call."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Post("POST", path, named, body, at * 1000)
