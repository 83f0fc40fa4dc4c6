"""sdk-request-changed: the SDK sends another path, body or header for the same call.

The AI SDK moved from `/chat/completions` to `/responses` (vercel/ai#6925): a gateway that serves one of them answers
404.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Json, Post, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts
from gate.text.plural import count
from gate.wire.shape import show

# Which key, which gateway and which retry a request belongs to; other headers name the SDK itself.
_HEADERS = frozenset({
    "authorization", "api-key", "idempotency-key", "openai-organization", "openai-project", "content-type", "accept",
    "accept-encoding", "x-request-id",
})  # fmt: skip
# Of these the value says how the answer may come: RFC 9110, 8.3, 12.5.1 and 12.5.3.
_VALUES = frozenset({"accept", "accept-encoding", "content-type"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first request of each call, before and now."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    if not (call.golden.posts and call.candidate.posts):
        return
    golden, candidate = call.golden.posts[0], call.candidate.posts[0]
    before, now = f"{golden.method} {golden.path}", f"{candidate.method} {candidate.path}"
    if before != now:
        yield Told("request.path", "another operation of the API is called", before, now, Severity.BREAKING)
        return
    yield from _bodies(golden.body, candidate.body)
    yield from _headers(golden, candidate)


def _headers(golden: Post, candidate: Post) -> Iterator[Told]:
    for name in sorted(_HEADERS):
        had, has = golden.headers.get(name), candidate.headers.get(name)
        # values of keys are not compared: one is sent as the job says, and an idempotency key is new each time
        if had != has and (had is None or has is None or name in _VALUES):
            severity = Severity.RISKY if has is None else Severity.INFO
            said = f"the header {name} " + ("is no longer sent" if has is None else "is sent otherwise")
            shown = (had, has) if name in _VALUES else (had and "sent", has and "sent")
            yield Told(f"request.headers.{name}", said, shown[0] or "absent", shown[1] or "absent", severity)


def _bodies(golden: Json, candidate: Json) -> Iterator[Told]:
    if not (isinstance(golden, dict) and isinstance(candidate, dict)):
        return
    for key in sorted({*golden, *candidate}):
        before, now = golden.get(key, MISSING), candidate.get(key, MISSING)
        if before != now:
            severity = Severity.INFO if before is MISSING else Severity.RISKY
            (place, had, has), *others = _places(key, before, now)
            said = f"`{place}` is sent otherwise" + (f", and {count(len(others), 'other')} in it" if others else "")
            yield Told(f"request.{key}", said, show(had), show(has), severity)


def _places(path: str, before: Json, now: Json) -> Iterator[tuple[str, Json, Json]]:
    """Where two values differ: a schema is long, and what the AI SDK 6 adds stands after its end."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in sorted({*before, *now}):
            yield from _places(f"{path}.{key}", before.get(key, MISSING), now.get(key, MISSING))
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for number, (one, other) in enumerate(zip(before, now, strict=True)):
            yield from _places(f"{path}[{number}]", one, other)
    elif before != now:
        yield path, before, now


RULE = Rule(
    id="sdk-request-changed",
    area="sdk",
    severity=Severity.RISKY,
    summary="the SDK sends another request for the same call",
    who_breaks="gateways and servers that know the request before; prompts and parameters that no longer arrive",
    hint="name the parameter or the operation explicitly in the call",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
