"""What an SDK reads of the candidate's answer and of the golden's, compared as an application feels it. Pure.

Two recordings of one route differ in their words, so only what is there and what is not counts, and of which form it
is. Where both answers must hold the same (`exact`), another value is told as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from gate.model import Comparison, Effect, Json, Observation, Transcript
from gate.model.transcript import Did
from gate.observe.answer import choices

CONTENT = frozenset({
    "text", "tool call", "arguments", "parsed", "vectors", "models", "results", "items", "images", "sound",
})  # fmt: skip
"""Words for what an application asked for, as the drivers of `gate/sdk` report it; all else stands beside it."""

_WORST: tuple[Did, ...] = get_args(Did)
# Counts that depend on a cache or on how long the model thought: none is as right as many.
_SOMETIMES = re.compile(r"cache|reason|audio|detail|predict", re.IGNORECASE)
_Values = Mapping[str, Json]


def effects(comparison: Comparison, *, exact: bool = False) -> tuple[Effect, ...]:
    """What each client did, at worst, over the candidate's samples; empty where none was asked."""
    per_sample = [effects_of(comparison.golden, pair.candidate, exact=exact) for pair in comparison.pairs]
    return worst(effect for sample in per_sample for effect in sample)


def effects_of(golden: Iterable[Observation], candidate: Observation, *, exact: bool = False) -> tuple[Effect, ...]:
    """What each client did with one sample of the candidate; what it does with any golden sample is no effect."""
    if not any(seen.client for seen in candidate.transcripts):
        return ()
    samples = [sample.transcripts for sample in golden]
    thought = any(choice.reasoning for choice in choices(candidate))
    ask = _Ask(exact, free=_free(candidate.request), held="retry-after" in candidate.headers, thought=thought)
    ways: dict[str, dict[str, Effect]] = {}
    for seen in candidate.transcripts:
        if seen.client and (effect := _least(seen, [_same(seen, made) for made in samples], ask)) is not None:
            ways.setdefault(seen.client, {})[seen.call] = effect
    return tuple(_of_ways(ways[client]) for client in sorted(ways))


def _of_ways(effects: Mapping[str, Effect]) -> Effect:
    """The worst over the ways of calling; it names them where others do better."""
    found = max(effects.values(), key=_rank)
    calls = [call for call, effect in effects.items() if _rank(effect) == _rank(found)]
    return found if len(calls) == len(effects) else replace(found, what=f"{found.what} in {'+'.join(calls)}".strip())


@dataclass(frozen=True, slots=True)
class _Ask:
    """How two answers are compared: whether both hold the same, whether a text may stand for a call of a tool, whether
    the answer says to wait, so that a client that still waits does as it is told, and whether it has reasoning, which
    adaptive models leave out now and then."""

    exact: bool
    free: bool
    held: bool
    thought: bool


def _free(request: Json) -> bool:
    choice = request.get("tool_choice") if isinstance(request, dict) else None
    return choice in (None, "auto", "none")


def worst(found: Iterable[Effect]) -> tuple[Effect, ...]:
    """One effect for each client, the worst, in order of their names."""
    by_client: dict[str, Effect] = {}
    for effect in found:
        known = by_client.get(effect.client)
        if known is None or _rank(effect) > _rank(known):
            by_client[effect.client] = effect
    return tuple(by_client[name] for name in sorted(by_client))


def _rank(effect: Effect) -> tuple[int, bool]:
    return _WORST.index(effect.did), effect.content


def _same(seen: Transcript, made: Iterable[Transcript]) -> Transcript | None:
    """The same call of the same client."""
    return next((t for t in made if (t.client, t.call) == (seen.client, seen.call)), None)


def _least(seen: Transcript, made: Sequence[Transcript | None], ask: _Ask) -> Effect | None:
    """The mildest over the golden samples: what a client met with one of them is nothing new to it."""
    known = [transcript for transcript in made if transcript and transcript.outcome in ("returned", "raised")]
    found = [effect for transcript in known if (effect := _effect(transcript, seen, ask))]
    return min(found, key=_rank, default=None)


def _effect(golden: Transcript, candidate: Transcript, ask: _Ask) -> Effect | None:
    client = candidate.client
    if candidate.outcome == "unusable" or (candidate.outcome == "waiting" and ask.held):
        return None
    if candidate.outcome in ("waiting", "exited"):
        return Effect(client, "hangs", "" if candidate.outcome == "waiting" else "and ends the process", content=True)
    if left := sorted({*candidate.unhandled} - {*golden.unhandled}):
        return Effect(client, "raises", f"{left[0]} where nobody can catch it", content=True)
    if candidate.error is not None:
        return _raised(golden, candidate)
    if golden.error is not None:
        return Effect(client, "loses", f"the {golden.error.classes[0]}")
    lost = dict.fromkeys(_lost(golden.values, candidate.values, ask))
    if lost:
        return Effect(client, "loses", ", ".join(lost), content=not CONTENT.isdisjoint(lost))
    other = list(_other(golden.values, candidate.values)) if ask.exact else []
    return Effect(client, "differs", f"in {', '.join(other)}") if other else Effect(client, "reads")


def _raised(golden: Transcript, candidate: Transcript) -> Effect:
    assert candidate.error is not None
    name = candidate.error.classes[0]
    if golden.error is None:
        return Effect(candidate.client, "raises", name, content=True)
    if golden.error.classes[0] == name:
        return Effect(candidate.client, "reads")
    return Effect(candidate.client, "raises", f"{name}, not {golden.error.classes[0]}", content=True)


# -- values -------------------------------------------------------------------------------------


def _lost(golden: _Values, candidate: _Values, ask: _Ask) -> Iterator[str]:
    """Words for what was there and is not, or has no form that an application could use."""
    answered = any(not _empty(candidate.get(name)) for name in ("text", "tool_calls", "refusal"))
    calls, called = _calls(golden), _calls(candidate)
    if not _empty(golden.get("text")) and not answered:
        yield "text"
    if calls and not called and not (ask.free and answered):
        yield "tool call"
    for call in called if calls else ():
        yield from _lost_of(calls[0], call)
    named = ("parsed", "models", "results", "items", "images", "sound", "logprobs", "model", "status")
    for name in (*named, "reasoning") if ask.thought else named:
        if not _empty(golden.get(name)) and _empty(candidate.get(name)):
            yield name
    if _forms(golden.get("vectors")) != _forms(candidate.get("vectors")):
        yield "vectors"
    yield from _lost_finish(golden, candidate, both=bool(calls and called))
    yield from _lost_counts(golden.get("usage"), candidate.get("usage"))


def _lost_of(golden: _Values, candidate: _Values) -> Iterator[str]:
    """Parts of a tool call that its loop needs."""
    for part in ("id", "name"):
        if golden.get(part) and not candidate.get(part):
            yield f"the call's {part}"
    if _object(golden.get("arguments")) and not _object(candidate.get("arguments")):
        yield "arguments"


def _lost_finish(golden: _Values, candidate: _Values, *, both: bool) -> Iterator[str]:
    before, now = ([_reason(value) for value in _flat(values.get("finish_reason"))] for values in (golden, candidate))
    # with a call on both sides the reason says whether the loop goes on
    ends = both and any(map(_goes_on, before)) and not any(map(_goes_on, now))
    if any(before) and (not any(now) or ends):
        yield "finish_reason"


def _goes_on(reason: Json) -> bool:
    """Whether a reason asks for the tool's result; LangChain joins repeated ones to `tool_callstool_calls`."""
    return isinstance(reason, str) and ("tool" in reason or "function" in reason)


def _reason(value: Json) -> Json:
    """The reason; None for the words that the AI SDK makes of one that it does not know."""
    # https://ai-sdk.dev/docs/reference/ai-sdk-core/generate-text (finishReason)
    return None if value in ("other", "unknown") else value


def _lost_counts(golden: Json, candidate: Json) -> Iterator[str]:
    if not isinstance(golden, dict):
        return
    now = candidate if isinstance(candidate, dict) else {}
    # prices and times of a vendor's own (`cost`, `completion_time`) are for its clients alone
    named = [name for name in golden if "token" in name.lower() and not _SOMETIMES.search(name)]
    counts = [name for name in named if _counted(golden[name])]
    gone = [name for name in counts if not _counted(now.get(name))]
    if gone:
        yield "usage" if len(gone) == len(counts) else f"usage.{gone[0]}"


def _other(golden: _Values, candidate: _Values) -> Iterator[str]:
    """What is another value, where it should be the same."""
    for name in sorted({*golden, *candidate} - {"type", "content", "model"}):
        if golden.get(name) != candidate.get(name) and not (_empty(golden.get(name)) and _empty(candidate.get(name))):
            yield name.replace("_", " ") if name != "finish_reason" else name


def _calls(values: _Values) -> list[_Values]:
    calls = values.get("tool_calls")
    return [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []


def _object(value: Json) -> bool:
    """Whether arguments are an object, or the text of one."""
    if not isinstance(value, str):
        return isinstance(value, dict)
    try:
        return isinstance(json.loads(value), dict)
    except (ValueError, RecursionError):
        return False


def _forms(vectors: Json) -> set[str]:
    return {json.dumps(vector, sort_keys=True) for vector in vectors} if isinstance(vectors, list) else set()


def _flat(value: Json) -> Iterable[Json]:
    return value if isinstance(value, list) else (value,)


def _counted(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _empty(value: Json) -> bool:
    if isinstance(value, list):
        return all(map(_empty, value))
    return value in (None, "", 0) or value == {}
