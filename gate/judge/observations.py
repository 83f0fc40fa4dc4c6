"""The observations of one side, scenario by scenario: an observation takes ten times the bytes of its answer. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

from gate.judge.pairing import attempts_of, observed
from gate.model import Exchange, Observation
from gate.model.exhibits import Observed

# chosen: all of the full suite; a twin that is larger is observed once more when its scenario's turn comes.
ROOM = 2 * 1024 * 1024
"""Bytes of answers whose observations are kept for the next who asks."""

_Group = tuple[Observation, ...]


class Observations:
    """By scenario the final attempt of each sample of each step, as `finish` leaves it; () for an unknown scenario."""

    def __init__(
        self,
        exchanges: Mapping[str, Sequence[Exchange]],
        finish: Callable[[str, _Group], _Group] = lambda _, group: group,
    ) -> None:
        self.exchanges, self._finish = exchanges, finish
        self._kept: dict[str, tuple[int, _Group]] = {}  # the oldest first
        self._left = ROOM

    def of(self, name: str) -> _Group:
        """The observations of a scenario."""
        if name in self._kept:
            return self._kept[name][1]
        group = self._finish(name, observed(self.exchanges.get(name, ())))
        size = sum(observation.size for observation in group)
        if size <= ROOM:
            self._kept[name] = size, group
            self._left -= size
            while self._left < 0:
                self._left += self._kept.pop(next(iter(self._kept)))[0]
        return group


def exhibited(
    side: Literal["golden", "candidate"],
    name: str,
    samples: Sequence[Observation],
    known: Observations,
    steps: Mapping[int, int],
) -> Iterator[Observed]:
    """A scenario for the exhibits. `steps` are those of the cells, by the identity of the observation."""
    tries = attempts_of(known.exchanges.get(name, ()))
    for number, (sample, attempts) in enumerate(zip(samples, tries, strict=True)):
        yield Observed(
            side,
            name,
            steps.get(id(sample), sample.step),
            sample.sample,
            sample.location,
            sample.request_id,
            len(attempts),
            partial(_shown, known, name, number, attempts[-1]),
        )


def _shown(known: Observations, name: str, number: int, exchange: Exchange) -> tuple[Observation, Exchange]:
    return known.of(name)[number], exchange
