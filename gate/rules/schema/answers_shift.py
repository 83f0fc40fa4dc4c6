"""The candidate answers one request in different ways: a balancer over different backends, or an unfinished rollout."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

from gate.model import Area, Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import answered, tool_calls
from gate.observe.vectors import width
from gate.wire.shape import type_of

# kinds whose order one backend always keeps; content and tools vary with the answer
_ORDERED = frozenset({"role", "finish", "usage", "done"})


@dataclass(frozen=True, slots=True)
class _Fact:
    """Something that one backend does always the same way; `of` gives None where a sample does not show it."""

    path: str
    words: str
    area: Area
    of: Callable[[Observation], Hashable]


def _widths(observation: Observation) -> Hashable:
    vectors = observation.answer.vectors if observation.answer else ()
    # 0 for what is no vector, so that a backend that sends another form shows too
    return tuple(sorted({width(vector) or 0 for vector in vectors})) or None


def _error_form(observation: Observation) -> Hashable:
    if observation.ok:
        return None
    error = observation.error
    return (type_of(error), type_of(error.get("type"))) if isinstance(error, dict) else (type_of(error),)


def _order(observation: Observation) -> Hashable:
    if observation.form != "stream" or not answered(observation):
        return None
    return tuple(dict.fromkeys(kind for event in observation.events for kind, _ in event.kinds if kind in _ORDERED))


def _arguments(observation: Observation) -> Hashable:
    return tuple(sorted({type_of(call.arguments) for call in tool_calls(observation)})) or None


def _model(observation: Observation) -> Hashable:
    return str(observation.answer.model) if answered(observation) and observation.answer else None


_FACTS = (
    _Fact("data[].embedding", "the length of the vectors", "embeddings", _widths),
    _Fact("error", "the form of the error", "errors", _error_form),
    _Fact("events", "the order of role, finish, usage and end", "stream", _order),
    _Fact("choices[].message.tool_calls[].function.arguments", "the type of the arguments", "tools", _arguments),
    _Fact("model", "the model that answers", "schema", _model),
)


def check(comparison: Comparison) -> Iterator[Drift]:
    """Facts on which the golden samples agree, and the candidate's do not."""
    for fact in _FACTS if len(comparison.candidate) > 1 else ():
        golden, candidate = _values(fact, comparison.golden), _values(fact, comparison.candidate)
        if len(golden) <= 1 < len(candidate):
            # one drift for all samples: none of them alone shows it
            yield Drift(
                path=fact.path,
                message=f"{fact.words} differs between answers to the same request",
                golden=golden[0] if golden else "not shown",
                candidate=" and ".join(candidate),
                area=fact.area,
            )


def _values(fact: _Fact, samples: Samples) -> list[str]:
    """The different values that samples show of a fact, in words."""
    values = {value for sample in samples if (value := fact.of(sample)) is not None}
    return [" ".join(map(str, value)) if isinstance(value, tuple) else str(value) for value in sorted(values, key=str)]


RULE = Rule(
    id="answers-shift",
    area="schema",
    # each answer by itself may be right; where one is wrong its own rule weighs that
    severity=Severity.RISKY,
    summary="the candidate answers the same request in different forms",
    who_breaks="clients that are routed to the other backend: failures that are hard to reproduce",
    hint="look for different backends behind one name: an unfinished rollout, a fallback, a second region",
    check=check,
)
