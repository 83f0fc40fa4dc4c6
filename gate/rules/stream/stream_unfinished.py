"""The stream ends in the middle of the answer, with status 200 and no error (T07, RS07)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Observation, Rule, Severity
from gate.observe.answer import carries_error, damaged, grammar
from gate.observe.scopes import has_streams


def check(comparison: Comparison) -> Iterator[Drift]:
    """Neither finish_reason nor [DONE], or no terminal event: a proxy that loses its upstream may end so."""
    golden = [g for g in comparison.golden if _streamed(g)]
    if not golden or any(_open(g) or _empty(g) for g in golden):
        return
    ends = _ends(golden[0])
    for pair in comparison.pairs:
        observation, empty = pair.candidate, _empty(pair.candidate)
        if _complete(observation) and (empty or _open(observation)):
            cut = "the stream ends in the middle of the answer: no finish, no terminal event, no error"
            yield pair.drift(
                path=f"events.{ends[0]}",
                message="the stream ends without a single chunk of an answer" if empty else cut,
                golden=f"ends with {' or '.join(ends)}",
                candidate=f"{len(observation.events)} frames" if empty else "a clean end",
                at=next((event for event in reversed(observation.events) if event.frame.data is not None), None),
            )


def _streamed(observation: Observation) -> bool:
    return observation.ok and observation.form == "stream" and not carries_error(observation)


def _complete(observation: Observation) -> bool:
    """Nothing of the stream was lost between the candidate and the gate."""
    return _streamed(observation) and observation.ending is Ending.COMPLETE and not damaged(observation)


def _open(observation: Observation) -> bool:
    return observation.kinds.isdisjoint(_closers(observation))


def _empty(observation: Observation) -> bool:
    # T07's row: nothing but [DONE]
    return observation.kinds <= {"done", "comment", "dataless"}


def _closers(observation: Observation) -> frozenset[str]:
    """The kinds that end a stream; [DONE] does not where the endpoint has a terminal event and no sentinel."""
    endpoint = grammar(observation)
    return endpoint.ends if endpoint.ends and not endpoint.sentinel else endpoint.ends | {"done"}


def _ends(golden: Observation) -> list[str]:
    return sorted(kind for kind in _closers(golden) if kind in golden.kinds and kind != "done") or ["[DONE]"]


RULE = Rule(
    id="stream-unfinished",
    area="stream",
    # T07, RS07: nothing tells the cut from a whole answer
    severity=Severity.BREAKING,
    summary="the stream stops without its end and without an error",
    who_breaks="a cut turn is stored as complete; tool arguments cut in the middle are invalid JSON; Codex stops",
    hint="a proxy or server turned a dropped upstream connection into a clean end: it should abort or send an error",
    check=check,
    where=has_streams,
)
