"""What a report shows for people to look at, beside its findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gate.model.observation import Form, Observation, Timing
from gate.model.traffic import Ending, Exchange, Location
from gate.model.words import Headers


@dataclass(frozen=True, slots=True)
class Mark:
    """Events of a stream that came together, by what they did: one of `gate.explain.exhibits.KINDS`.

    `at_ms` is None where nobody took the times.
    """

    kind: str
    at_ms: float | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The bytes around what a finding is about, on one side. Without `marked` it is not there, and `place` says what
    `before` shows instead; otherwise it names the frame and the byte offset in the body."""

    fingerprint: str
    place: str
    before: str
    marked: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One exchange as a person may want to see it; bounded, and no part of the JSON report.

    Every sample has its figures; texts are cut, and only the samples that stand for their step have any.
    `tokens` are (prompt, completion) as the answer counts them.
    """

    side: Literal["golden", "candidate"]
    scenario: str
    step: int
    sample: int
    endpoint: str
    model: str  # as it was asked for
    status: int
    form: Form
    media_type: str
    ending: Ending
    timing: Timing
    detail: str = ""
    attempts: int = 1
    size: int = 0
    reads: int = 0
    tokens: tuple[int | None, int | None] = (None, None)
    marks: tuple[Mark, ...] = ()
    target: str = ""  # method and path
    headers: Headers = ()  # of the response
    request: str = ""
    response: str = ""
    excerpts: tuple[Excerpt, ...] = ()
    location: Location = Location()


@dataclass(frozen=True, slots=True)
class Seen:
    """One exchange that counted, after so many attempts, and the step under which the report speaks of it."""

    side: Literal["golden", "candidate"]
    scenario: str
    step: int
    found: Observation
    exchange: Exchange
    attempts: int
