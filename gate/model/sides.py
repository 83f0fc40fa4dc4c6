"""The golden and the candidate as they enter the judge: exchanges by scenario, with the facts of their route."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gate.model import (
    Exchange,
    Json,
    Status,
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: exchanges by scenario id, the facts that a report shows of it, and for each
    scenario its cassette file. `twins` names a scenario's twin; `states` says what running it gave, where that was
    not simply an answer: (incomplete or skipped, reason). A golden's are what its route does not serve. `asks` is
    what each scenario sent when it was recorded (`recording.asks`), `runs` the id of the run that recorded it."""

    exchanges: Mapping[str, Sequence[Exchange]]
    facts: Mapping[str, Json] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    twins: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, tuple[Status, str]] = field(default_factory=dict)
    asks: Mapping[str, str] = field(default_factory=dict)
    runs: Mapping[str, str] = field(default_factory=dict)
