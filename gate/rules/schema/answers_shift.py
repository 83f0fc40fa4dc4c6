"""The candidate answers one request in several ways: a load balancer over unlike backends, or a half-done rollout."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

from gate.model import Area, Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, tool_calls
from gate.observe.vectors import width
from gate.wire.shape import type_of

_ORDERED = frozenset({"role", "finish", "usage", "done"})


@dataclass(frozen=True, slots=True)
class _Fact:
    """Something that a route does always the same way; None where a sample does not show it."""

    path: str
    words: str
    area: Area
    of: Callable[[Observation], Hashable]


def _widths(found: Observation) -> Hashable:
    return (
        tuple(sorted({width(v) or 0 for v in found.answer.vectors})) if found.answer and found.answer.vectors else None
    )


def _error_form(found: Observation) -> Hashable:
    if found.ok:
        return None
    error = found.error
    return (type_of(error), type_of(error.get("type"))) if isinstance(error, dict) else (type_of(error),)


def _order(found: Observation) -> Hashable:
    if found.form != "stream" or not answered(found):
        return None
    return tuple(dict.fromkeys(kind for event in found.events for kind, _ in event.kinds if kind in _ORDERED))


def _arguments(found: Observation) -> Hashable:
    return tuple(sorted({type_of(call.arguments) for call in tool_calls(found)})) or None


_FACTS = (
    _Fact("data[].embedding", "the length of the vectors", "embeddings", _widths),
    _Fact("error", "the form of the error", "errors", _error_form),
    _Fact("events", "the order of role, finish, usage and end", "stream", _order),
    _Fact("choices[].message.tool_calls[].function.arguments", "the type of the arguments", "tools", _arguments),
    _Fact(
        "model", "the model that answers", "schema", lambda o: str(o.answer.model) if answered(o) and o.answer else None
    ),
)


def check(comparison: Comparison) -> Iterator[Drift]:
    """Facts on which the golden samples agree, and the candidate's do not."""
    golden, candidate = comparison.golden, comparison.candidate
    if len(candidate) < 2:
        return
    for fact in _FACTS:
        ours = {value for found in golden if (value := fact.of(found)) is not None}
        theirs = {value for found in candidate if (value := fact.of(found)) is not None}
        if len(ours) <= 1 < len(theirs):
            seen = [_said(value) for value in sorted(theirs, key=str)]
            message = f"{fact.words} shifts from request to request"
            yield Drift(
                path=fact.path,
                message=message,
                golden=_said(*ours) if ours else "not shown",
                candidate=" and ".join(seen),
                area=fact.area,
            )


def _said(value: Hashable) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


RULE = Rule(
    id="answers-shift",
    area="schema",
    severity=Severity.RISKY,
    summary="the candidate answers the same request in different forms",
    who_breaks="whoever is routed to the other backend: failures that no one can reproduce",
    hint="look for unlike backends behind one name: a rollout half done, a fallback, a second region",
    check=check,
)
