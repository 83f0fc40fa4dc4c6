"""Exchanges as reports show them beside the findings: figures, marks on a timeline, cut texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from gate.model.observation import Form, Observation, Timing
from gate.model.traffic import Ending, Exchange, Location
from gate.model.words import Headers


@dataclass(frozen=True, slots=True)
class Mark:
    """Events of one kind (`gate.explain.kinds.KINDS`) that came at the same moment of a stream.

    `at_ms` is None where no times were recorded.
    """

    kind: str
    at_ms: float | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a body as a person reads it: of JSON its `key` is the path, of a stream the kind of the event.

    Lines of both sides correspond by their keys. `gap_ms` is the wait since the event before.
    """

    key: str
    text: str
    at_ms: float | None = None
    gap_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The bytes around the value of a finding, on one side. `place` names the frame and the byte offset in the body.
    Where the value is missing `marked` is empty, and `place` says what `before` shows instead."""

    fingerprint: str
    place: str
    before: str
    marked: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A request that reached the upstream of a gateway while the client's was in flight, and when its answer came.

    All times are milliseconds after the client's request. `fault` is what was done to the answer.
    """

    at_ms: float
    end_ms: float
    status: int
    ending: Ending
    fault: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One exchange as the HTML report shows it; bounded in size, and not in the JSON report.

    Every sample has its figures; only one sample for each step and side has texts, and these are cut.
    `tokens` are (prompt, completion) as the answer counts them.
    """

    side: Literal["golden", "candidate"]
    scenario: str
    step: int
    sample: int
    endpoint: str
    model: str  # as the request names it
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
    request: tuple[Line, ...] = ()
    response: tuple[Line, ...] = ()
    curl: str = ""  # the command that sends it again
    excerpts: tuple[Excerpt, ...] = ()
    location: Location = Location()
    forwarded: tuple[Forwarded, ...] | None = None  # None: no gateway between goldens and suite


@dataclass(frozen=True, slots=True)
class Observed:
    """The final attempt of one sample, and the step under which the report lists it. `shown` makes its observation:
    not all of a run fit into memory together."""

    side: Literal["golden", "candidate"]
    scenario: str
    step: int
    sample: int
    location: Location
    request_id: str
    attempts: int
    shown: Callable[[], tuple[Observation, Exchange]]
