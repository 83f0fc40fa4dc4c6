"""A value that the API does not allow: object, service_tier, role, empty ids, no choices (S02, S03, S05, S24, ST06)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import MISSING, Comparison, Drift, Json, Observation, Pair, Rule, Severity, Violation
from gate.observe.answer import grammar, word
from gate.rules.families import Told, of
from gate.rules.schema._places import golden_value
from gate.rules.schema._violations import forbidden, is_choiceless, violations
from gate.wire.paths import name
from gate.wire.shape import indexless, show

_LIST = frozenset({"array"})
_EMPTY = {"minLength": "value-empty", "minItems": "list-empty"}
_WORDS = {"object": "object-wrong", "role": "role-wrong", "service_tier": "service-tier-unknown"}
# Seconds; as a date it is in the year 5138. Milliseconds of today are 1.7e12, seconds 1.7e9: it lies between.
_FAR = 1e11
_HOLDERS = ("", "response.", "data[].")


def _judged(comparison: Comparison) -> Iterator[Told]:
    """Values of closed vocabularies, empty values where the API requires one, and impossible times."""
    yield from (("list-empty", drift) for drift in _emptied(comparison))
    for pair in comparison.answers:
        yield from (("created-not-seconds", drift) for drift in (*_times(pair), *_unset(pair)))
        for violation in violations(pair, "value"):
            # Azure's first chunk has an empty id and model; chunk-without-choices reports it
            if not (violation.keyword == "minLength" and is_choiceless(pair.candidate, violation)):
                golden, candidate = golden_value(pair, indexless(violation.path)), show(violation.value, 80)
                detail = f"{violation.detail}{_null(violation.value)}"
                drift = forbidden(pair, violation, message=detail, golden=show(golden, 80), candidate=candidate)
                yield _rule(violation), drift


def _emptied(comparison: Comparison) -> Iterator[Drift]:
    """Lists of an API that no schema of ours describes: never empty in the golden, always in the candidate (S67)."""
    if grammar(comparison.golden[0]).path:
        return
    for pair in comparison.answers:
        filled = [path for path in pair.golden[0].shape if all(_filled(golden, path) for golden in pair.golden)]
        for path in filled:
            if all(_is_empty_list(other.candidate, path) for other in comparison.pairs):
                yield pair.drift(
                    path=path,
                    message=f"{name(path)} is empty",
                    golden=show(golden_value(pair, path), 80),
                    candidate="[]",
                    severity=Severity.RISKY,
                )


def _filled(observation: Observation, path: str) -> bool:
    field = observation.shape.get(path)
    return field is not None and field.types == _LIST and field.always and not field.empty


def _is_empty_list(observation: Observation, path: str) -> bool:
    field = observation.shape.get(path)
    return field is not None and field.types == _LIST and field.empty == field.seen


def _rule(violation: Violation) -> str:
    """The rule that tells a violation: by what is wrong, and by the field where it has a vocabulary of its own."""
    return _EMPTY.get(violation.keyword) or _WORDS.get(name(violation.path), "value-unknown")


def _null(value: Json) -> str:
    form = word(value)
    return f"; it is {form}" if isinstance(value, str) and form != "a string" else ""


def _times(pair: Pair) -> Iterator[Drift]:
    """A time that cannot be in seconds: milliseconds, read as seconds, are in the year 50,000."""
    # chat's key, and that of the Responses API
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


def _unset(pair: Pair) -> Iterator[Drift]:
    """The time of a whole answer that is none: 0, or below. Chunks have 0 before the first choice (ST01)."""
    for key in ("created", "created_at"):
        value = member(pair.candidate.answer.final if pair.candidate.answer else None, key)
        golden = [member(sample.answer.final, key) for sample in pair.golden if sample.answer]
        if _is_unset(value) and not any(map(_is_unset, golden)):
            yield pair.drift(
                path=key,
                message=f"{key} is {show(value, 40)}, which is no time",
                golden=show(next(iter(golden), MISSING), 80),
                candidate=show(value, 80),
                # a number without a sign can't hold it; 0 is read as 1970
                severity=Severity.BREAKING if value < 0 else Severity.INFO,
            )


def _is_unset(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value <= 0


def _unit(value: float) -> str:
    """The unit in which a time of our century has so many digits."""
    return "milliseconds" if abs(value) < 1e14 else "microseconds" if abs(value) < 1e17 else "nanoseconds"


def _times_of(observation: Observation, key: str) -> list[Json]:
    """The times of an answer: of the whole, of each chunk or event, and of the entries of a list."""
    # the shape knows whether there is any
    if not any(f"{holder}{key}" in observation.shape for holder in _HOLDERS):
        return []
    final = observation.answer.final if observation.answer else None
    chunks = [event.doc for event in observation.events if isinstance(event.doc, dict)]
    holders = (final, *chunks, *(chunk["response"] for chunk in chunks if "response" in chunk), *members(final, "data"))
    return [holder[key] for holder in holders if isinstance(holder, dict) and key in holder]


def _is_far(value: Json) -> bool:
    return isinstance(value, int | float) and abs(value) > _FAR


def created_not_seconds(comparison: Comparison) -> Iterator[Drift]:
    """A time in milliseconds or finer, or none at all (S43)."""
    return of(comparison, _judged, "created-not-seconds")


def object_wrong(comparison: Comparison) -> Iterator[Drift]:
    """`object` is not the endpoint's word (S03)."""
    return of(comparison, _judged, "object-wrong")


def role_wrong(comparison: Comparison) -> Iterator[Drift]:
    """A role that is none of the API's, or empty (ST06)."""
    return of(comparison, _judged, "role-wrong")


def service_tier_unknown(comparison: Comparison) -> Iterator[Drift]:
    """A service_tier that no client lists (S24)."""
    return of(comparison, _judged, "service-tier-unknown")


def value_unknown(comparison: Comparison) -> Iterator[Drift]:
    """A word of another closed vocabulary (S03)."""
    return of(comparison, _judged, "value-unknown")


def value_empty(comparison: Comparison) -> Iterator[Drift]:
    """A text that is empty where the API requires one, such as an id (S02)."""
    return of(comparison, _judged, "value-empty")


def list_empty(comparison: Comparison) -> Iterator[Drift]:
    """A list that is empty where the API requires an item, such as choices (S05)."""
    return of(comparison, _judged, "list-empty")


RULES = (
    Rule(
        id="created-not-seconds",
        area="schema",
        severity=Severity.BREAKING,
        summary="a time is not in seconds",
        who_breaks="`created` is 32 bits wide in typed clients, async-openai among them: the whole answer fails",
        hint="let the gateway send Unix time in seconds",
        check=created_not_seconds,
    ),
    Rule(
        id="object-wrong",
        area="schema",
        # the weight is the schema's x-value
        severity=Severity.RISKY,
        summary="object is not the word of the endpoint",
        who_breaks="clients that validate literals (async-openai, Zod, pydantic) reject the whole answer",
        hint="map the provider's value to the API's in the gateway",
        check=object_wrong,
    ),
    Rule(
        id="role-wrong",
        area="schema",
        # the weight is the schema's x-value
        severity=Severity.BREAKING,
        summary="a role is not one of the API's",
        who_breaks="clients that validate literals (async-openai, Zod, pydantic) reject the whole answer",
        hint="map the provider's value to the API's in the gateway",
        check=role_wrong,
    ),
    Rule(
        id="service-tier-unknown",
        area="schema",
        # the weight is the schema's x-value
        severity=Severity.RISKY,
        summary="service_tier is not one of the API's",
        who_breaks="clients that validate literals (async-openai, Zod, pydantic) reject the whole answer",
        hint="map the provider's value to the API's in the gateway",
        check=service_tier_unknown,
    ),
    Rule(
        id="value-unknown",
        area="schema",
        # the weight is the schema's x-value
        severity=Severity.BREAKING,
        summary="a value is not one that the API allows",
        who_breaks="clients that validate literals (async-openai, Zod, pydantic) reject the whole answer",
        hint="map the provider's value to the API's in the gateway",
        check=value_unknown,
    ),
    Rule(
        id="value-empty",
        area="schema",
        # the weight is the schema's x-value
        severity=Severity.RISKY,
        summary="a required text is empty",
        who_breaks="clients that key by ids, or that require one, mix answers up or reject them",
        hint="let the gateway fill in what the provider leaves empty",
        check=value_empty,
    ),
    Rule(
        id="list-empty",
        area="schema",
        # the weight is the schema's x-value
        severity=Severity.BREAKING,
        summary="a required list is empty",
        who_breaks="choices[0] is an IndexError in nearly every client",
        hint="answer with an error where there is no choice",
        check=list_empty,
    ),
)
