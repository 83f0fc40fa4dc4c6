"""The observations of one side, scenario by scenario: an observation takes ten times the bytes of its answer. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gate.judge.pairing import observed
from gate.model import Exchange, Observation

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
