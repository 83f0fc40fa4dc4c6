"""A field that every golden sample has is gone (S03, S06, S07, ST03, RS06, RS09, RS11)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Event, Json, Pair, Rule, Severity
from gate.observe.alive import keeps_alive
from gate.observe.answer import grammar
from gate.rules.owners import owner
from gate.rules.schema._fields import Difference, differing, differs, grouped, listed
from gate.rules.schema._places import first, golden_value, lacking
from gate.rules.schema._strays import foreign, strays
from gate.rules.schema._violations import forbidden, violations
from gate.wire.paths import untyped
from gate.wire.shape import indexless, show

_NULL = frozenset({"null"})
_COMMENTS = "send keep-alives as comment lines (`: keep-alive`), which every SSE parser skips"


def check(comparison: Comparison) -> Iterator[Drift]:
    """Fields of the API one by one; those that only this vendor sends together, by their parent."""
    for pair in comparison.answers:
        if foreign(pair):
            # one finding for all: the missing fields of something else say nothing (row "something else altogether")
            yield _foreign(pair)
            continue
        yield from _strays(pair)
        missing = differing(comparison, pair, "missing")
        # the API's own fields have a finding each: clients read, and teams tolerate, them one by one
        for difference in missing:
            if difference.severity > Severity.INFO and not owner(difference.path, "missing"):
                yield _missing(pair, difference)
        for parent, small in grouped(d for d in missing if d.severity == Severity.INFO).items():
            yield _optional(pair, parent, small, Severity.RISKY if _gone(comparison, small) else Severity.INFO)
        yield from _required(pair, {untyped(difference.path) for difference in missing})


def _foreign(pair: Pair) -> Drift:
    candidate = pair.candidate
    shown = candidate.body if candidate.form == "json" else [event.doc for event in candidate.events[:2]]
    return pair.drift(
        path="body",
        message=_no_answer(candidate.body),
        golden="an answer",
        candidate=show(shown, 120),
    )


def _no_answer(body: Json) -> str:
    return (
        "the body is an array, not an object" if isinstance(body, list) else "the body has none of the golden's fields"
    )


def _strays(pair: Pair) -> Iterator[Drift]:
    if apart := strays(pair):
        yield pair.drift(
            path="events",
            message=_stray(apart[0]),
            golden="chunks of an answer",
            candidate=show(apart[0].doc, 80) + (f" ({len(apart)} events)" if len(apart) > 1 else ""),
            at=apart[0],
            hint=_COMMENTS if _keeps_alive(apart[0]) else "",
        )


def _stray(event: Event) -> str:
    if event.doc == {}:
        return "an empty object {} comes as data among the chunks: it is not a chunk of an answer"
    if _keeps_alive(event):
        return "a keep-alive object comes as data among the chunks: it is not a chunk of an answer"
    return "an event has none of the golden's fields: it is not a chunk of an answer"


def _keeps_alive(event: Event) -> bool:
    """An empty object, or one whose type or event name says what it is for."""
    named = (event.frame.event, member(event.doc, "type"), member(event.doc, "object"), member(event.doc, "event"))
    return event.doc == {} or any(map(keeps_alive, named))


def _missing(pair: Pair, difference: Difference) -> Drift:
    place, value = first(pair.candidate, difference.path), show(golden_value(pair, difference.path), 80)
    message = f"is missing{lacking(pair.candidate, difference.path)}; every golden sample has it"
    return differs(pair, difference, place, message=message, golden=value, candidate="absent")


def _gone(comparison: Comparison, small: list[Difference]) -> bool:
    """Whether no candidate sample has one of these fields, of an API that no schema of ours describes (S44)."""
    # what may be left out is not known there, so one sample without a field shows little
    if grammar(comparison.golden[0]).path:
        return False
    # what was always null said nothing
    said = [
        d.path for d in small if any(g.shape[d.path].types != _NULL for g in comparison.golden if d.path in g.shape)
    ]
    return any(all(path not in pair.candidate.shape for pair in comparison.pairs) for path in said)


def _optional(pair: Pair, parent: str, small: list[Difference], severity: Severity) -> Drift:
    """One finding for all fields that one object lost and that the API does not require."""
    place = first(pair.candidate, small[0].path)
    return pair.drift(
        path=place.path if len(small) == 1 else parent or "body",
        message=f"lacks fields{_times(pair, small)} that every golden sample has: {listed(small)}",
        golden="always there",
        candidate="absent",
        severity=severity,
        at=place.event,
    )


def _times(pair: Pair, small: list[Difference]) -> str:
    """` in 3 of 41 chunks`, where all of the fields are missing as often."""
    times = {lacking(pair.candidate, difference.path) for difference in small}
    return times.pop() if len(times) == 1 else ""


def _required(pair: Pair, reported: set[str]) -> Iterator[Drift]:
    """What the schema requires where the golden had no occasion to show the parent, an item of a response for one."""
    for violation in violations(pair, "missing"):
        if indexless(violation.path) not in reported:
            message = f"is missing{lacking(pair.candidate, indexless(violation.path))}; the API requires it"
            yield forbidden(pair, violation, message=message, golden="required", candidate="absent")


RULE = Rule(
    id="field-missing",
    area="schema",
    # for required fields; the schema's x-missing makes S03 and S07 risky, and what it does not require is info
    severity=Severity.BREAKING,
    summary="a field that every golden sample has is missing",
    who_breaks="code that reads the field without a check: KeyError, undefined, `missing field` in typed clients",
    hint="make the route send the field, or stop reading it before you switch",
    check=check,
)
