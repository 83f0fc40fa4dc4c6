"""The input of the judge: exchanges of the golden or the candidate by scenario, with the facts of their route."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gate.model import Exchange, Json, Status


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: exchanges by scenario id, the facts that a report shows of it, and for each
    scenario its cassette file. `twins` names a scenario's twin; `states` maps scenarios without a normal result to
    (incomplete or skipped, reason), on the golden side those that its route does not serve. `asks` identifies what
    each scenario sent when it was recorded (`gate.suite.asks`), `runs` is the id of the run that recorded it. Of a
    candidate's states the `unrecorded` only lack a golden."""

    exchanges: Mapping[str, Sequence[Exchange]]
    facts: Mapping[str, Json] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    twins: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, tuple[Status, str]] = field(default_factory=dict)
    asks: Mapping[str, str] = field(default_factory=dict)
    runs: Mapping[str, str] = field(default_factory=dict)
    unrecorded: frozenset[str] = frozenset()
