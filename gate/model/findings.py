"""What a comparison finds: drift, finding, crash, and the report that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gate.model.exhibits import Exhibit
from gate.model.measures import Measures
from gate.model.rate import Rate
from gate.model.traffic import Location
from gate.model.transcript import Effect
from gate.model.words import About, Area, Json, Outcome, Severity, Since, Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A difference that a client of the golden could feel. `golden` and `candidate` are evidence, already in words.

    `sample` is the position among the candidate's samples, None for all of them. `severity`, `area`, `who_breaks` and
    `hint` override the rule's own. `frame` (from 0) and `byte` say where in the candidate's body it is, if known.
    `suspicion`: what these samples show may be chance, so it is no finding; `check` sends the scenario again.
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
    hint: str = ""
    suspicion: bool = False


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
    request_id: str = ""  # x-request-id as the gate sent it
    remote_id: str = ""  # x-request-id of the response: the name of the request in the remote's logs
    route: str = ""  # in a merged report over several routes; its `scenario` then reads `<route>/<id>`
    origin: str = ""  # in such a report: whether it follows the route or the model, in words
    clients: tuple[Effect, ...] = ()  # what the SDKs in use did with this step of the scenario, where any were asked
    since: Since = ""  # against the base's report

    @property
    def rate(self) -> Rate | None:
        """How often it was seen, where that was not each time."""
        return Rate(self.hits, self.samples) if self.hits < self.samples else None


@dataclass(frozen=True, slots=True)
class Crash:
    """A rule that raised an exception: its cell was not judged, all others were."""

    rule: str
    scenario: str
    step: int
    traceback: str


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One scenario in a report. `reason` says why it is incomplete or skipped; `latency` maps `ttft_p50`
    and the like to ms; `areas` are those that its golden exercises: only there does no finding mean passed."""

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
    upstream: tuple[str, ...] = ()  # of a gateway between known bytes: what each request became upstream, in a line
    unrecorded: bool = False  # skipped because nobody recorded a golden of it, which would help
    measures: tuple[Measures, ...] = ()  # what each request cost, on either side

    @property
    def missing(self) -> bool:
        """Whether this is the placeholder for a shard or route without a report: it has no endpoint."""
        # Every scenario that ran, or that has a golden, knows its endpoint, if only as `unknown`.
        return self.status == "incomplete" and not self.endpoint


@dataclass(frozen=True, slots=True)
class Requests:
    """What a check sent, retries included: for the suite, on suspicion, and to see whether the route is up."""

    suite: int
    suspicion: int = 0
    probe: int = 0

    def __add__(self, other: Requests) -> Requests:
        return Requests(self.suite + other.suite, self.suspicion + other.suspicion, self.probe + other.probe)


@dataclass(frozen=True, slots=True)
class History:
    """What a base's report has that this one has not. `base` are the facts of its candidate; `fixed` are findings that
    the same scenarios no longer show, `unjudged` counts those of scenarios that were not judged this time."""

    base: Mapping[str, Json]
    fixed: tuple[Finding, ...] = ()
    unjudged: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Alarms over runs that had the one before as their base. `alarms`: rule → runs in which it had an enforced finding
    that is risky or breaking; `breaking` and `risky`: runs that would fail under this `fail_on`."""

    runs: int
    breaking: int
    risky: int
    alarms: Mapping[str, int]


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
    min_coverage: int | None = None  # so many scenarios are enough where others have no golden; None: all must have one
    reason: str = ""
    lead: str = ""  # a warning about the comparison as a whole, shown before the findings
    exhibits: tuple[Exhibit, ...] = ()  # a merged report has none
    requests: Requests | None = None  # what `check` sent; None offline
    rules_url: str = ""  # where the rules' pages are published: `Policy.rules_url`
    suspected: frozenset[str] = frozenset()  # scenarios whose samples are too few to say whether they drift
    about: About = "route"
    history: History | None = None  # both only where there is a base
    tally: Tally | None = None

    @property
    def route(self) -> str:
        """The name of the candidate's route; `candidate` where its facts hold none."""
        name = self.candidate.get("route")
        return name if isinstance(name, str) and name else "candidate"
