"""An error comes inside a stream whose status said 200 (ER08, ER09, ER23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Drift, Event, Json, Observation, Rule, Samples, Severity
from gate.observe.answer import grammar, numbered
from gate.wire.shape import show

_FAILURES = frozenset({"error", "failed"})


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """Where the golden streams an answer; where it streams an error too, the form of the error counts."""
    like = [g for g in golden if g.ok and g.form == "stream"]
    forms = [_form(event) for g in like for event in _errors(g)[:1]]
    for sample, found in numbered(candidate):
        errors = _errors(found) if like and found.ok else []
        if errors and not any(_holds(_form(errors[0]), form) for form in forms):
            severity = Severity.RISKY if forms else None
            said = "the error event of the stream has another form" if forms else _message(found, errors[0])
            right = " or ".join(sorted({_words(form) for form in forms})) or "an answer"
            frame = errors[0].frame
            seen = show(errors[0].doc, 160)
            yield Drift("error", said, right, seen, sample, severity, frame.number, frame.start)


def _errors(found: Observation) -> list[Event]:
    if not found.kinds.isdisjoint(_FAILURES):
        return [event for event in found.events if any(kind in _FAILURES for kind, _ in event.kinds)]
    # a response that calls itself completed, and holds an error
    failed = found.answer is not None and found.endpoint == "responses" and member(found.answer.final, "error")
    return [e for e in found.events if member(member(e.doc, "response"), "error")] if failed else []


def _message(found: Observation, event: Event) -> str:
    content = grammar(found).content
    earlier = found.events[: event.frame.number]
    begun = any(kind in content for e in earlier for kind, _ in e.kinds)
    where = "in the middle of the answer" if begun else "in place of an answer"
    return f"an error comes inside the stream {where}, under status {found.status}"


_Form = tuple[str, frozenset[str]]
"""The dialect of an error: the event's name, its keys, and what its `error` is."""


def _form(event: Event) -> _Form:
    return (event.frame.event or "")[:40], frozenset(_keys(event.doc))


def _holds(mine: _Form, gold: _Form) -> bool:
    """Further keys harm nobody."""
    return mine[0] == gold[0] and gold[1] <= mine[1]


def _words(form: _Form) -> str:
    name, keys = form
    return (f"event {name}: " if name else "") + ", ".join(sorted(keys)[:12])


def _keys(doc: dict[str, Json]) -> list[str]:
    # only an object is ever an error: what else comes under that name is no JSON of the stream, and told as such
    inner = doc.get("error")
    return [f"{key}: {type(inner).__name__}" if key == "error" else key[:40] for key in doc]


RULE = Rule(
    id="stream-error",
    area="stream",
    severity=Severity.BREAKING,
    summary="an error comes inside a stream with status 200",
    who_breaks="clients take it for an odd chunk: a cut answer passes for a whole one, and no retry is tried",
    hint="see what the error says; a gateway that knows it before the first chunk should answer with its status",
    check=check,
)
