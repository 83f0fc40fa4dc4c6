"""The nouns of swapgate, as frozen dataclasses.

Data flows one way through them: Exchange → Observation → Drift → Finding → Decision → Report.
This module imports nothing of ours, so that every other one may import it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Json = Any
"""A parsed JSON value: dict, list, str, int, float, bool or None."""


class Missing(enum.Enum):
    """A value that is not there, which is not the same as null."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING = Missing.MISSING


class Severity(enum.IntEnum):
    """How much a client of the golden feels a drift; ordered, so that max() is the worst."""

    INFO = 1
    RISKY = 2
    BREAKING = 3

    @property
    def word(self) -> str:
        return self.name.lower()


Area = Literal[
    "transport", "schema", "stream", "tools", "structured", "errors",
    "embeddings", "usage", "params", "latency", "responses", "sdk",
]  # fmt: skip
Outcome = Literal["enforced", "tolerated", "off"]
Status = Literal["pass", "drift", "incomplete", "skipped"]
Verdict = Literal["pass", "drift", "incomplete"]
Headers = tuple[tuple[str, str], ...]


class Ending(enum.StrEnum):
    """How an exchange ended. Everything but COMPLETE means that bytes may be missing."""

    COMPLETE = "complete"
    CUT = "cut"  # closed before the announced length or the last chunk
    RESET = "reset"
    TIMEOUT = "timeout"
    TOO_LARGE = "too-large"  # beyond limits.max_body: counted and hashed, not stored
    CANCELLED = "cancelled"  # the scenario asked us to hang up
    UNREACHABLE = "unreachable"  # no connection: DNS, refused, TLS


# -- what was sent and what came back -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request:
    """What was sent. `body` holds the exact bytes; None where the method has none."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `body` holds the bytes as they came, still in their Content-Encoding."""

    status: int
    reason: str = ""
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One read of the body: milliseconds after the request was sent, and how many bytes it brought."""

    at_ms: float
    size: int


@dataclass(frozen=True, slots=True)
class Location:
    """Where something stands: a file and its line (from 1), a frame (from 0) and a byte offset in the body."""

    file: str | None = None
    line: int | None = None
    frame: int | None = None
    byte: int | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect that was followed before the stored response."""

    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response in memory. Times are milliseconds on a monotonic clock from sending.

    `response` is None when the attempt brought none; `chunks` is empty when nobody took the times
    (a cassette of plain vcrpy). `detail` says in words why an exchange did not end complete.
    """

    request: Request
    response: Response | None
    chunks: tuple[Chunk, ...] = ()
    ending: Ending = Ending.COMPLETE
    detail: str = ""
    connect_ms: float | None = None
    first_byte_ms: float | None = None
    total_ms: float | None = None
    hops: tuple[Hop, ...] = ()
    scenario: str = ""
    step: int = 0
    sample: int = 0
    attempt: int = 0
    outage: bool = False  # `check` found the route down; `diff` honours the mark
    body_size: int | None = None  # bytes that came, where fewer are stored
    body_sha256: str | None = None
    location: Location = Location()


# -- an exchange in normal form: the only thing that rules see ----------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """One path of a shape: the JSON types seen there, how often, and in how many parents it could be.

    `empty` counts "" and [] and {}; null, empty and missing (`seen < parents`) stay three things.
    """

    types: frozenset[str]
    seen: int
    parents: int
    empty: int = 0

    @property
    def always(self) -> bool:
        return self.seen == self.parents


Shape = Mapping[str, Field]
"""Path with `[]` for every index, such as `choices[].delta.content`, to what was seen there."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One SSE frame, lossless: the bytes `start:end` of the body, its fields, comments and oddities.

    `data` is None without a data line. `terminated` is False for a last frame without its blank line.
    """

    number: int
    start: int
    end: int
    event: str | None
    data: str | None
    data_lines: int = 0
    id: str | None = None
    retry: str | None = None
    comments: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()  # lines whose field name SSE does not know, bare JSON among them
    terminated: bool = True
    spaced: bool = True  # a space after the first `data:`


@dataclass(frozen=True, slots=True)
class Framing:
    """How the stream was framed: line endings seen ("\\n", "\\r\\n", "\\r"), BOM, bytes that are no UTF-8."""

    line_ends: frozenset[str] = frozenset()
    bom: bool = False
    bad_utf8: tuple[int, ...] = ()  # byte offsets


Kinds = tuple[tuple[str, int | None], ...]
"""What an event does, such as `content`, each with the choice it belongs to (None: the whole stream)."""


@dataclass(frozen=True, slots=True)
class Event:
    """One frame as its endpoint understands it.

    `doc` is the parsed JSON of the frame, MISSING where it has none or it does not parse. `kinds` are the
    endpoint's words for what it does, in order, each with the choice it belongs to (None: the whole stream).
    """

    frame: Frame
    doc: Json
    kinds: Kinds
    at_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A place where a client that folds a stream stumbles, such as `tool-index-missing`; `frame` is from 0."""

    code: str
    path: str
    frame: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that the endpoint's JSON Schema forbids; `keyword` is JSON Schema's own (required, type, enum…)."""

    path: str
    keyword: str
    severity: Severity
    detail: str
    value: Json = MISSING
    frame: int | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One tool call of the final answer. Values are as they came: `arguments` is a JSON text when it is right."""

    path: str
    id: Json
    type: Json
    name: Json
    arguments: Json


@dataclass(frozen=True, slots=True)
class Choice:
    """One alternative of an answer, whatever the endpoint calls it. `content` is as it came, `text` what it says."""

    path: str
    index: int
    role: Json = MISSING
    content: Json = MISSING
    content_path: str = "content"
    text: str = ""
    reasoning: str = ""
    refusal: Json = MISSING
    finish: Json = MISSING
    finish_path: str = ""
    tool_calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client ends up with, the same form for streamed and plain, chat and responses and embeddings.

    `final` is the endpoint's whole object (folded from the stream, or the body itself). `vectors` are embeddings
    as they came: lists of numbers or base64 text.
    """

    final: Json
    choices: tuple[Choice, ...] = ()
    usage: Json = MISSING
    model: Json = MISSING
    id: Json = MISSING
    vectors: tuple[Json, ...] = ()


Form = Literal["json", "stream", "text", "empty", "none"]
"""What the body is, whatever its label says; `none`: no response at all."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds. `gaps` are between events that carry tokens; empty where no times were taken."""

    first_byte: float | None = None
    first_token: float | None = None
    total: float | None = None
    gaps: tuple[float, ...] = ()
    spread: float | None = None  # between the first and the last token-bearing event


@dataclass(frozen=True, slots=True)
class Observation:
    """What one exchange showed. Header names are lower case. `body` is MISSING where it is no JSON.

    `shape` is that of the JSON body, or over all chunks of a stream; `final_shape` that of the final answer,
    which a stream and its non-streamed twin must share. `problems` are places where the fold did not work,
    `violations` those where the body, or a chunk of the stream, is not what the endpoint's schema allows.
    """

    endpoint: str
    request: Json
    status: int
    form: Form
    media_type: str
    headers: Mapping[str, str]
    ending: Ending
    body: Json = MISSING
    text: str = ""
    size: int = 0
    events: tuple[Event, ...] = ()
    kinds: frozenset[str] = frozenset()  # of all events
    framing: Framing = Framing()
    answer: Answer | None = None
    problems: tuple[Problem, ...] = ()
    violations: tuple[Violation, ...] = ()
    shape: Shape = field(default_factory=dict)
    final_shape: Shape = field(default_factory=dict)
    timing: Timing = Timing()
    hops: tuple[Hop, ...] = ()
    rejected: tuple[tuple[str, str | None], ...] = ()  # parameters that an earlier attempt had refused, and instead
    request_id: str = ""  # ours, from the request
    detail: str = ""
    encoding: str = ""  # Content-Encoding; `encoding_true` says whether the bytes really were encoded so
    encoding_true: bool = True
    scenario: str = ""
    step: int = 0
    sample: int = 0
    attempt: int = 0
    outage: bool = False
    location: Location = Location()

    @property
    def streaming_asked(self) -> bool:
        return isinstance(self.request, dict) and bool(self.request.get("stream"))

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def error(self) -> Json:
        """The `error` member of a JSON object body, MISSING without one."""
        return self.body.get("error", MISSING) if isinstance(self.body, dict) else MISSING


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """All observations of one step of one scenario on one route, and those of its twin scenario there.

    Equal only to itself, so that what rules share of a pair of samples can be kept by identity.
    """

    observations: tuple[Observation, ...]
    twin: tuple[Observation, ...] = ()

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)

    def __len__(self) -> int:
        return len(self.observations)

    def __getitem__(self, index: int) -> Observation:
        return self.observations[index]


Grammar = Mapping[str, Mapping[str, str]]
"""State → kind of event → next state. The first state is `start`; a kind without an entry breaks the order."""


@dataclass(frozen=True, slots=True)
class Fold:
    """A stream folded into the endpoint's final object, and where a client's accumulator would stumble."""

    final: Json
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One API operation: all that rules may know of it. Found by its file in `gate/endpoints/`.

    `path` is what follows base_url. `classify` names what an event does (`kinds`), in the order of a client's
    reading; `content` are the kinds that carry tokens, `ends` those of which every good stream has one.
    `lanes` follow the grammar apart for each choice; `whole` is the grammar of the stream itself.
    """

    name: str
    path: str
    schema: str | None
    read: Callable[[Json], Answer]
    method: str = "POST"
    chunk_schema: str | None = None
    classify: Callable[[Json, str | None], Kinds] | None = None
    fold: Callable[[tuple[tuple[int, Json], ...]], Fold] | None = None
    lanes: Grammar = field(default_factory=dict)
    whole: Grammar = field(default_factory=dict)
    content: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    sentinel: str | None = None  # the one payload that is no JSON, such as [DONE]
    reasons: frozenset[str] = frozenset()  # the vocabulary of finish reasons
    answer_at: str = ""  # where the event that ends a stream holds the whole answer
    typed: bool = False  # an object's `type` decides which keys it has, so that shapes are compared by type


# -- what is found ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
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
class Rule:
    """A pure judge of one kind of drift; `id` equals the file name, the page and the JUnit name."""

    id: str
    area: Area
    severity: Severity
    summary: str
    who_breaks: str
    hint: str
    check: Callable[[Samples, Samples], Iterator[Drift]]


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
    """One scenario in a report. `reason` says why it is incomplete or skipped; `latency` maps name_percentile to ms."""

    id: str
    endpoint: str
    status: Status
    attempts: int = 0
    reason: str = ""
    latency: Mapping[str, float] = field(default_factory=dict)
    streams: tuple[str, ...] = ()
    golden_file: str = ""
    route: str = ""  # in a merged report over several routes; its `id` then reads `<route>/<id>`


@dataclass(frozen=True, slots=True)
class Mark:
    """Events of a stream that came together, by what they did: `text`, `tool`, `usage`… (`gate.exhibits.KINDS`).

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


# -- what a user configures ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Auth:
    """How a route wants its key: bearer, a header or query parameter of that name, or none."""

    kind: Literal["bearer", "header", "query", "none"] = "bearer"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds."""

    connect: float = 5.0
    first_byte: float = 60.0
    between_chunks: float = 30.0
    total: float = 300.0


@dataclass(frozen=True, slots=True)
class Route:
    """Where traffic goes. `api_key_env` names a variable; the key itself is never stored here."""

    name: str
    base_url: str
    api_key_env: str | None = None
    models: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    auth: Auth = Auth()
    map: Mapping[str, str] = field(default_factory=dict)
    timeouts: Timeouts = Timeouts()
    max_concurrency: int = 8


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """How often a scenario is recorded, checked, and run again when it drifted."""

    record: int = 3
    check: int = 1
    confirm: int = 2


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A drift that a team lives with, for a reason, until a day (ISO date); after it, it is enforced again."""

    rule: str
    reason: str
    until: str
    scenario: str | None = None
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """A severity of the team's own for a rule (`off` switches it off), perhaps in one scenario or path only."""

    rule: str
    severity: Severity | None  # None: off
    scenario: str | None = None
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class MinHits:
    """A drift of this rule counts only when so many samples show it: for what a route does now and then."""

    rule: str
    hits: int
    scenario: str | None = None
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """A bound on one latency figure, such as `ttft_p95`: a ratio to the golden's, or milliseconds."""

    figure: str
    max_ratio: float | None = None
    max_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What fails a build. Rules measure, policy decides, visibly."""

    fail_on: Severity | None = Severity.BREAKING  # None: never
    tolerate: tuple[Tolerance, ...] = ()
    overrides: tuple[Override, ...] = ()
    budgets: tuple[Budget, ...] = ()
    depends_on: tuple[str, ...] = ()
    min_hits: tuple[MinHits, ...] = ()
    stale_after: int = 90  # days after which goldens are called old


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a run: stored bytes per body, requests in all, and seconds that a Retry-After may ask for."""

    max_body: int = 8 * 1024 * 1024
    max_requests: int | None = None
    max_retry_after: float = 60.0


@dataclass(frozen=True, slots=True)
class Config:
    """gate.yaml, read and checked. Paths are absolute or relative to the file's own folder (`root`)."""

    root: str
    golden: str = "golden"
    suite: tuple[str, ...] = ("standard",)
    routes: Mapping[str, Route] = field(default_factory=dict)
    samples: SamplePlan = SamplePlan()
    policy: Policy = Policy()
    limits: Limits = Limits()
    redact: tuple[str, ...] = ()  # the team's own patterns, removed from bodies before writing


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a scenario, before its placeholders (`$reply`, `$golden`, `$case`, `$repeat`) are filled.

    `model` is a role; the route names the model. `raw` is sent as it stands, whether or not it is JSON.
    `expect` are the statuses that recording may store without a word; they are permitted, never demanded.
    """

    endpoint: str
    model: str | None = None
    body: Json = None
    expect: tuple[int, ...] = (200,)
    method: str = "POST"
    path: str | None = None  # below base_url, where it is not the endpoint's own
    raw: str | None = None
    key: Literal["route", "bad", "none"] = "route"
    headers: Mapping[str, str] = field(default_factory=dict)
    cancel_after_chunks: int | None = None
    give_up_after: float | None = None  # seconds
    repeat: int = 1  # sent that often at once (bursts)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is sent, in one or more steps, and what it exercises."""

    id: str
    group: str
    steps: tuple[Step, ...]
    tags: tuple[str, ...] = ()
    twin: str | None = None
    about: str = ""
    source: str = ""
    min_seconds: float | None = None  # ending sooner counts as not exercised
