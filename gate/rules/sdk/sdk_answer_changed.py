"""sdk-answer-changed: the application reads another value out of the same bytes.

LiteLLM 1.61.16 lost streamed reasoning (BerriAI/litellm#8939); the AI SDK made `finishReason` an object.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts, shown

# Where it is read by few, or only measured.
_SIDE = frozenset({"id", "model", "created", "logprobs"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Every value that the application found before and finds otherwise now."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    if not (call.golden.outcome == call.candidate.outcome == "returned"):
        return
    for name in sorted({*call.golden.values, *call.candidate.values}):
        for path, before, now in _differences(name, call.golden.values.get(name), call.candidate.values.get(name)):
            yield Told(path, f"`{path}` is another value", shown(before), shown(now), _severity(name, before, now))


def _differences(path: str, before: Json, now: Json) -> Iterator[tuple[str, Json, Json]]:
    """Where two values differ, by the keys of mappings: a usage with one more detail is whole."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in sorted({*before, *now}):
            yield from _differences(f"{path}.{key}", before.get(key), now.get(key))
    elif before != now:
        yield path, before, now


def _severity(name: str, before: Json, now: Json) -> Severity:
    if before in (None, "", [], {}) or _holds(now, before):
        return Severity.INFO  # more than before harms nobody
    return Severity.RISKY if name in _SIDE else Severity.BREAKING


def _holds(now: Json, before: Json) -> bool:
    """Whether all that was there is there still, with more keys at most: LangChain 1.0 gives blocks of text an id."""
    if isinstance(before, dict) and isinstance(now, dict):
        return all(key in now and _holds(now[key], value) for key, value in before.items())
    if isinstance(before, list) and isinstance(now, list):
        return len(before) == len(now) and all(map(_holds, now, before))
    return bool(before == now)


RULE = Rule(
    id="sdk-answer-changed",
    area="sdk",
    severity=Severity.BREAKING,
    summary="the application reads another value out of the same answer",
    who_breaks="code that reads this value: it gets something else, or nothing",
    hint="read the SDK's changelog for this field; where it moved, read it at its new place",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
