"""A value outside what the API allows: object, service_tier, role, empty ids, no choices (S02, S03, S05, S24, ST06)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import MISSING, Comparison, Drift, Json, Observation, Pair, Rule, Severity
from gate.rules.schema._places import golden_value
from gate.rules.schema._violations import choiceless, violations
from gate.wire.paths import name
from gate.wire.shape import indexless, show

_FAR = 1e11  # seconds: the year 5138


def check(comparison: Comparison) -> Iterator[Drift]:
    """Values of closed vocabularies, emptiness where something must be, and times that are none."""
    for pair in comparison.answers:
        yield from _times(pair)
        for violation, event in violations(pair, "value"):
            # Azure's first chunk has neither id nor model; that it has no choice is ST01
            if not (violation.keyword == "minLength" and choiceless(event)):
                yield pair.drift(
                    path=violation.path,
                    message=f"{name(violation.path)} {violation.detail}",
                    golden=show(golden_value(pair, indexless(violation.path)), 80),
                    candidate=show(violation.value, 80),
                    severity=violation.severity,
                    at=event,
                )


def _times(pair: Pair) -> Iterator[Drift]:
    """A time that no clock in seconds shows: milliseconds take a reader to the year 50,000."""
    for key in ("created", "created_at"):
        golden, value = [_top(sample, key) for sample in pair.golden], _top(pair.candidate, key)
        if _is_far(value) and not any(map(_is_far, golden)):
            yield pair.drift(
                path=key,
                message=f"{key} is not a time in seconds",
                golden=show(golden[0], 80),
                candidate=show(value, 80),
                severity=Severity.RISKY,
            )


def _top(observation: Observation, key: str) -> Json:
    return member(observation.answer.final, key) if observation.answer else MISSING


def _is_far(value: Json) -> bool:
    return isinstance(value, int | float) and abs(value) > _FAR


RULE = Rule(
    id="value-not-allowed",
    area="schema",
    severity=Severity.BREAKING,
    summary="a value is outside what the API allows there",
    who_breaks="clients that validate literals (async-openai, Zod, pydantic) reject the whole answer",
    hint="map the provider's value to the API's in the gateway",
    check=check,
)
