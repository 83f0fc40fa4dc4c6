"""A value outside what the API allows: object, service_tier, role, empty ids, no choices (S02, S03, S05, S24, ST06)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import MISSING, Comparison, Drift, Json, Observation, Rule, Samples, Severity, Violation
from gate.observe.answer import comparable, numbered
from gate.rules.schema._fields import event_of, sight, violations
from gate.wire.paths import name
from gate.wire.shape import indexless, show

_VALUE = frozenset({"enum", "const", "minLength", "minItems", "pattern"})


_FAR = 1e11  # seconds: the year 5138


def check(comparison: Comparison) -> Iterator[Drift]:
    """Values of closed vocabularies, emptiness where something must be, and times that are none."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        yield from _moments(golden, found, sample)
        for v in violations(golden, found, _VALUE):
            event = event_of(found, v.frame)
            # the benign twins of S02 and S26
            if not _prompt_frame(found, v):
                yield Drift(
                    path=v.path,
                    message=f"{name(v.path)} {v.detail}",
                    golden=show(sight(golden, found, indexless(v.path)), 80),
                    candidate=show(v.value, 80),
                    sample=sample,
                    severity=v.severity,
                    frame=v.frame,
                    byte=event.frame.start if event else None,
                )


def _moments(golden: Samples, found: Observation, sample: int) -> Iterator[Drift]:
    """A time that no clock in seconds shows: milliseconds take a reader to the year 50,000."""
    for key in ("created", "created_at"):
        value = _top(found, key)
        usual = [_top(g, key) for g in comparable(golden, found)]
        if _far(value) and usual and not any(map(_far, usual)):
            evidence = show(usual[0], 80), show(value, 80)
            yield Drift(
                path=key,
                message=f"{key} is no time in seconds",
                golden=evidence[0],
                candidate=evidence[1],
                sample=sample,
                severity=Severity.RISKY,
            )


def _top(found: Observation, key: str) -> Json:
    return member(found.answer.final, key) if found.answer else MISSING


def _far(value: Json) -> bool:
    return isinstance(value, int | float) and abs(value) > _FAR


def _prompt_frame(found: Observation, v: Violation) -> bool:
    """Azure's first chunk speaks of the prompt and has neither id nor model; that it has no choice is ST01."""
    event = event_of(found, v.frame)
    return v.keyword == "minLength" and event is not None and ("choiceless", None) in event.kinds


RULE = Rule(
    id="value-not-allowed",
    area="schema",
    severity=Severity.BREAKING,
    summary="a value is outside what the API allows there",
    who_breaks="clients that validate literals (async-openai, Zod, pydantic) reject the whole answer",
    hint="map the provider's own word to the API's in the gateway",
    check=check,
)
