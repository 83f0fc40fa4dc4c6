"""An error comes inside a stream whose status is 200 (ER08, ER09, ER23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Event, Observation, Rule, Severity
from gate.observe.answer import FAILURES, grammar
from gate.observe.scopes import has_streams
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where the golden streams an answer; where it streams an error too, the form of the error counts."""
    golden = [g for g in comparison.golden if g.ok and g.form == "stream"]
    forms = {_form(error) for g in golden if (error := _error(g))}
    for pair in comparison.pairs if golden else ():
        error = _error(pair.candidate) if pair.candidate.ok else None
        if error and not any(_holds(_form(error), form) for form in forms):
            form_differs = "the error event of the stream has another form than the golden's"
            yield pair.drift(
                path="error",
                message=form_differs if forms else _message(pair.candidate, error),
                golden=" or ".join(sorted(map(_words, forms))) or "an answer",
                candidate=show(error.doc, 160),
                # clients of a golden that streams errors know that they come, and may read the other form
                severity=Severity.RISKY if forms else None,
                at=error,
            )


def _error(observation: Observation) -> Event | None:
    """The first event that is an error."""
    if not observation.kinds.isdisjoint(FAILURES):
        return next(event for event in observation.events if any(kind in FAILURES for kind, _ in event.kinds))
    # an event that ends the stream as completed may hold an answer with an error
    place = grammar(observation).answer_at
    failed = place and observation.answer is not None and member(observation.answer.final, "error")
    return next((e for e in observation.events if member(member(e.doc, place), "error")), None) if failed else None


def _message(observation: Observation, error: Event) -> str:
    content = grammar(observation).content
    earlier = observation.events[: error.frame.number]
    begun = any(kind in content for event in earlier for kind, _ in event.kinds)
    where = "in the middle of the answer" if begun else "in place of an answer"
    return f"the stream has an error {where}, with status {observation.status}"


_Form = tuple[str, frozenset[str]]
"""The dialect of an error: the event's name, and its keys, with the type of the value of `error`."""


def _form(error: Event) -> _Form:
    document = error.doc if isinstance(error.doc, dict) else {}
    # 40 characters and 12 names bound what the remote writes
    keys = (f"error: {type(value).__name__}" if key == "error" else key[:40] for key, value in document.items())
    return (error.frame.event or "")[:40], frozenset(keys)


def _holds(candidate: _Form, golden: _Form) -> bool:
    """Whether a reader of the golden's form can read the candidate's, which may have more keys."""
    return candidate[0] == golden[0] and golden[1] <= candidate[1]


def _words(form: _Form) -> str:
    name, keys = form
    return (f"event {name}: " if name else "") + ", ".join(sorted(keys)[:12])


RULE = Rule(
    id="stream-error",
    area="stream",
    # ER09 and ER23 are risky for what follows the error; that the answer is cut is breaking (ER08)
    severity=Severity.BREAKING,
    summary="an error comes inside a stream with status 200",
    who_breaks="clients skip it as an unknown chunk: a cut answer passes for a whole one, and no retry is tried",
    hint="read the error; a gateway that knows it before the first chunk should answer with its status",
    check=check,
    where=has_streams,
)
