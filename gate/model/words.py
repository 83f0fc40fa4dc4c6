"""Types that all nouns share: JSON values, MISSING, severities, areas, outcomes, statuses."""

from __future__ import annotations

import enum
from typing import Any, Literal

Json = Any
"""A parsed JSON value: dict, list, str, int, float, bool or None."""


class Missing(enum.Enum):
    """The type of MISSING: a value that is absent, which is not the same as null."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING = Missing.MISSING


class Severity(enum.IntEnum):
    """How badly a drift affects a client of the golden; ordered, so that max() is the worst."""

    INFO = 1
    RISKY = 2
    BREAKING = 3

    @property
    def word(self) -> str:
        """`info`, `risky` or `breaking`."""
        return self.name.lower()


# The folders of gate/rules, and `sdk`.
Area = Literal[
    "transport", "schema", "stream", "tools", "structured", "errors",
    "embeddings", "usage", "params", "latency", "responses", "request", "sdk",
]  # fmt: skip


Outcome = Literal["enforced", "tolerated", "off"]


Status = Literal["pass", "drift", "incomplete", "skipped"]


Verdict = Literal["pass", "drift", "incomplete"]


About = Literal["route", "sdk", "app", "drifts"]
"""What a report is about: a route, an SDK's versions, a team's own client, or the known drifts that goldens catch."""


Since = Literal["", "new", "worse", "still"]
"""A finding against the base's report: not there, there with a lesser severity, there already. Empty where nothing can
be said: there is no base, or it did not judge that scenario."""


Headers = tuple[tuple[str, str], ...]


Absent = Literal["request", "status", "headers", "framing", "end", "bytes", "times"]
"""What a recording of another tool may lack, so that it can't be judged: what was asked; the status (the 200 that is
stored says no more than "a success"); the headers of the answer; the lines around the events of a stream, their names
and [DONE]; how the body ended; its exact bytes (a JSON value was stored); when its parts came."""


# Text first, because a broken text answer breaks everything after it; figures and SDK views last.
AREAS: tuple[Area, ...] = (
    "transport", "schema", "stream", "tools", "structured", "usage", "params",
    "responses", "request", "embeddings", "errors", "latency", "sdk",
)  # fmt: skip
