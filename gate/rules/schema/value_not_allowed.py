"""A value that the API does not allow: object, service_tier, role, empty ids, no choices (S02, S03, S05, S24, ST06)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import MISSING, Comparison, Drift, Json, Observation, Pair, Rule, Severity
from gate.observe.answer import word
from gate.rules.schema._places import golden_value
from gate.rules.schema._violations import forbidden, is_choiceless, violations
from gate.wire.shape import indexless, show

# Seconds; as a date it is in the year 5138. Milliseconds of today are 1.7e12, seconds 1.7e9: chosen between the two.
_FAR = 1e11


def check(comparison: Comparison) -> Iterator[Drift]:
    """Values of closed vocabularies, empty values where the API requires one, and impossible times."""
    for pair in comparison.answers:
        yield from _times(pair)
        for violation in violations(pair, "value"):
            # Azure's first chunk has an empty id and model; chunk-without-choices reports it
            if not (violation.keyword == "minLength" and is_choiceless(pair.candidate, violation)):
                golden, candidate = golden_value(pair, indexless(violation.path)), show(violation.value, 80)
                detail = f"{violation.detail}{_null(violation.value)}"
                yield forbidden(pair, violation, message=detail, golden=show(golden, 80), candidate=candidate)


def _null(value: Json) -> str:
    form = word(value)
    return f"; it is {form}" if isinstance(value, str) and form != "a string" else ""


def _times(pair: Pair) -> Iterator[Drift]:
    """A time that cannot be in seconds: milliseconds, read as seconds, are in the year 50,000."""
    for key in ("created", "created_at"):
        value = next(filter(_is_far, _times_of(pair.candidate, key)), 0)
        golden = [time for sample in pair.golden for time in _times_of(sample, key)] if value else []
        if value and not any(map(_is_far, golden)):
            yield pair.drift(
                path=key,
                message=f"{key} is in {_unit(value)}, not a time in seconds",
                golden=show(next(iter(golden), MISSING), 80),
                candidate=show(value, 80),
                # `created` is 32 bits wide in typed clients, async-openai among them: the whole answer fails
                severity=Severity.BREAKING,
            )


def _unit(value: float) -> str:
    """The unit in which a time of our century has so many digits."""
    return "milliseconds" if abs(value) < 1e14 else "microseconds" if abs(value) < 1e17 else "nanoseconds"


def _times_of(observation: Observation, key: str) -> list[Json]:
    """The times of an answer: of the whole, of each chunk or event, and of the entries of a list."""
    final = observation.answer.final if observation.answer else None
    events = [doc for event in observation.events for doc in (event.doc, member(event.doc, "response"))]
    return [member(holder, key) for holder in (final, *events, *members(final, "data"))]


def _is_far(value: Json) -> bool:
    return isinstance(value, int | float) and abs(value) > _FAR


RULE = Rule(
    id="value-not-allowed",
    area="schema",
    # for values on which typed clients fail (ST06, S05); x-value of the schema makes S02, S03 and S24 risky
    severity=Severity.BREAKING,
    summary="a value is not one that the API allows",
    who_breaks="clients that validate literals (async-openai, Zod, pydantic) reject the whole answer",
    hint="map the provider's value to the API's in the gateway",
    check=check,
)
