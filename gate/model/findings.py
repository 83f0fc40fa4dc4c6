"""What is found: drift, rule, finding, report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gate.model.exhibits import Exhibit
from gate.model.traffic import Location
from gate.model.words import Area, Json, Outcome, Severity, Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A difference that a client of the golden could feel. `golden` and `candidate` are evidence, already in words.

    `sample` is the position among the candidate's samples; None counts for all of them. `severity` overrides
    the rule's own. `place` is the frame and byte in the candidate's body where that is known.
    """

    path: str
    message: str
    golden: str
    candidate: str
    sample: int | None = None
    severity: Severity | None = None
    frame: int | None = None
    byte: int | None = None
    area: Area | None = None
    who_breaks: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A drift with its rule, place, evidence and fingerprint. `hits` of `samples` candidate samples showed it."""

    rule: str
    area: Area
    severity: Severity
    endpoint: str
    scenario: str
    step: int
    path: str
    message: str
    golden: str
    candidate: str
    hits: int
    samples: int
    fingerprint: str
    location: Location
    hint: str
    who_breaks: str
    golden_location: Location = Location()
    outcome: Outcome = "enforced"
    policy: str = "default"
    request_id: str = ""  # ours, as it was sent
    remote_id: str = ""  # what the remote calls the same request in its logs
    route: str = ""  # in a merged report over several routes; its `scenario` then reads `<route>/<id>`


@dataclass(frozen=True, slots=True)
class Crash:
    """A rule that raised: it marks its own cell, never the run."""

    rule: str
    scenario: str
    step: int
    traceback: str


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One scenario in a report. `reason` says why it is incomplete or skipped; `latency` maps name_percentile to ms;
    `areas` are those that its golden exercises, so that one without a finding there has passed it."""

    id: str
    endpoint: str
    status: Status
    attempts: int = 0
    reason: str = ""
    latency: Mapping[str, float] = field(default_factory=dict)
    streams: tuple[str, ...] = ()
    golden_file: str = ""
    route: str = ""  # in a merged report over several routes; its `id` then reads `<route>/<id>`
    areas: tuple[Area, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether it stands for a shard or route without a report: a scenario would have an endpoint."""
        return self.status == "incomplete" and not self.endpoint


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report format shows. Findings are sorted; nothing here reads a clock."""

    verdict: Verdict
    golden: Mapping[str, Json]
    candidate: Mapping[str, Json]
    scenarios: tuple[ScenarioResult, ...]
    findings: tuple[Finding, ...]
    crashes: tuple[Crash, ...] = ()
    notes: tuple[str, ...] = ()
    fail_on: Severity | None = Severity.BREAKING  # None: never
    reason: str = ""
    lead: str = ""  # what a reader must know before any finding
    exhibits: tuple[Exhibit, ...] = ()  # for people to look at; a merged report has none
