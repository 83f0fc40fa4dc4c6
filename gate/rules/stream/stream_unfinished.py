"""The stream ends in the middle of the answer, with status 200 and no error (T07, RS07)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Observation, Rule, Severity
from gate.observe.answer import carries_error, damaged, grammar, numbered


def check(comparison: Comparison) -> Iterator[Drift]:
    """Neither finish_reason nor [DONE], or no terminal event: a drop upstream that looks like the end."""
    golden, candidate = comparison.golden, comparison.candidate
    like = [g for g in golden if g.ok and g.form == "stream" and not carries_error(g)]
    if not like or any(_open(g) or _silent(g) for g in like):
        return
    for sample, found in numbered(candidate):
        if _judgeable(found) and (_open(found) or _silent(found)):
            last = next((e.frame for e in reversed(found.events) if e.frame.data is not None), None)
            message, seen = _said(found)
            place = (last.number, last.start) if last else (None, None)
            path = f"events.{_ends(like[0])[0]}"
            yield Drift(
                path=path,
                message=message,
                golden=f"ends with {' or '.join(_ends(like[0]))}",
                candidate=seen,
                sample=sample,
                severity=None,
                frame=place[0],
                byte=place[1],
            )


def _judgeable(found: Observation) -> bool:
    clean = found.ending is Ending.COMPLETE and not damaged(found)
    return clean and found.ok and found.form == "stream" and not carries_error(found)


def _open(found: Observation) -> bool:
    return found.kinds.isdisjoint(_closers(found))


def _silent(found: Observation) -> bool:
    return found.kinds <= {"done", "comment", "dataless"}


def _closers(found: Observation) -> frozenset[str]:
    """The kinds that end a stream: where an endpoint has a terminal event and no sentinel, [DONE] ends nothing."""
    endpoint = grammar(found)
    return endpoint.ends if endpoint.ends and not endpoint.sentinel else endpoint.ends | {"done"}


def _ends(golden: Observation) -> list[str]:
    return sorted(found for found in _closers(golden) if found in golden.kinds and found != "done") or ["[DONE]"]


def _said(found: Observation) -> tuple[str, str]:
    if _silent(found):
        return "the stream ends without a single chunk of an answer", f"{len(found.events)} frames"
    return "the stream ends in the middle of the answer: no finish, no terminal event, no error", "a clean end"


RULE = Rule(
    id="stream-unfinished",
    area="stream",
    severity=Severity.BREAKING,
    summary="the stream stops without its end and without an error",
    who_breaks="a cut turn is stored as complete; tool arguments cut in the middle are invalid JSON; Codex stops",
    hint="a proxy or server turned a dropped upstream connection into a clean end: it should abort or send an error",
    check=check,
)
