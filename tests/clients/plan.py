"""Which answers the clients are given: each drift and its twin, on one small golden of each kind that it fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from gate.model import Exchange
from gate.mutations import Mutation, of_answers
from gate.sdk.jobs import cells
from tests.mutation_goldens import EMBEDDINGS, ERRORS, GOLDENS, RESPONSES, STRUCTURED, TOOLS

_KINDS = (TOOLS, STRUCTURED, EMBEDDINGS, ERRORS, RESPONSES)
# What happens in time is not replayed here: `gate sdk` plays slow and stalled answers.
UNPLAYED = frozenset({"latency"})


@dataclass(frozen=True)
class Played:
    """One drift on one golden: what is replayed as the golden, with the drift, and with what only looks like it."""

    mutation: Mutation
    scenario: str
    golden: Exchange
    drift: Exchange
    twin: Exchange | None

    @property
    def name(self) -> str:
        """`mutation@scenario`."""
        return f"{self.mutation.id}@{self.scenario}"


@cache
def plan() -> tuple[Played, ...]:
    """In order of the drifts' ids."""
    return tuple(played for mutation in of_answers().values() for played in _fitting(mutation))


def unplayed() -> tuple[str, ...]:
    """Drifts that no client is given: of times, or of operations that no driver calls."""
    return tuple(sorted(set(of_answers()) - {played.mutation.id for played in plan()}))


def _fitting(mutation: Mutation) -> Iterator[Played]:
    # nor what differs from the answer to another request
    if mutation.area in UNPLAYED or mutation.needs == "twin":
        return
    first: dict[tuple[int, bool], Played] = {}
    for scenario in sorted(_driven(), key=lambda name: name not in mutation.exercised_by):
        golden = GOLDENS[scenario][0]
        drift = mutation.apply(golden)
        if drift is not None and drift.response is not None:
            first.setdefault(_kind(scenario), Played(mutation, scenario, golden, drift, mutation.twin(golden)))
    yield from sorted(first.values(), key=lambda played: played.scenario)


@cache
def _driven() -> Mapping[str, bool]:
    """The goldens that a driver calls, and whether they are streams."""
    found = {name: cells({name: samples[:1]}, faults=False) for name, samples in GOLDENS.items()}
    return {name: bool(made[0].jobs[0].body.get("stream")) for name, made in found.items() if made}


def _kind(scenario: str) -> tuple[int, bool]:
    group = next((number for number, goldens in enumerate(_KINDS) if scenario in goldens), len(_KINDS))
    return group, _driven()[scenario]
