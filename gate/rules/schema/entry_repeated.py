"""A list of models or files has an entry twice (S65)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import grammar
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """By the ids of the entries, exactly as they are written."""
    for pair, (place, identity) in unseen(comparison, _repeated):
        yield pair.drift(
            path=f"data[{place}].id",
            message=f"{show(identity, 80)} is in the list twice",
            golden="each id once",
            candidate=show(identity, 80),
        )


def _repeated(observation: Observation) -> tuple[int, str] | None:
    """The place and the id of the first entry that was there before."""
    seen: set[str] = set()
    lists = observation.ok and grammar(observation).method == "GET"
    for place, entry in enumerate(members(observation.body, "data") if lists else ()):
        identity = member(entry, "id")
        if isinstance(identity, str) and identity in seen:
            return place, identity
        seen |= {identity} if isinstance(identity, str) else set()
    return None


RULE = Rule(
    id="entry-repeated",
    area="schema",
    # S65: a list that is shown has a row twice; one that is keyed by id raises or loses one of them
    severity=Severity.RISKY,
    summary="a list of models or files has an id twice",
    who_breaks="pickers that key their rows by id; stores with a unique id reject the whole list",
    hint="let the gateway merge the lists of its providers by id",
    check=check,
)
