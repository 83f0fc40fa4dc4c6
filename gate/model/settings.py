"""What a user configures: routes, policy, scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gate.model.words import Json, Severity


@dataclass(frozen=True, slots=True)
class Auth:
    """How a route wants its key: bearer, a header or query parameter of that name, or none."""

    kind: Literal["bearer", "header", "query", "none"] = "bearer"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds."""

    # As in the official SDK (openai-python, DEFAULT_TIMEOUT).
    connect: float = 5.0
    # chosen: LA02 knows first tokens after 60 to 120 s, which clients do not wait for.
    first_byte: float = 60.0
    # chosen: half of the 60 s after which nginx gives up on a silent upstream (proxy_read_timeout).
    between_chunks: float = 30.0
    # chosen: half of the SDK's 600 s (SD06), so that a hanging route does not hold a CI job for ten minutes.
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
    # chosen: slow answers overlap, and the rate limits of small accounts still hold.
    max_concurrency: int = 8
    prices: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # by model: input, output per 1M tokens
    # A gateway between replay server and suite: the goldens that stand upstream, its command, and the path that
    # answers when it is ready ("": an open port is enough).
    upstream: str = ""
    start: tuple[str, ...] = ()
    ready: str = ""
    listen: str = ""  # HOST:PORT of the upstream, for a gateway that is started elsewhere
    faults: str = ""  # a file, `none`, `slow`, or "" for the usual ones
    strict: bool = False  # the upstream refuses fields that the API does not know
    load: int = 0  # streams that are asked for at once; 0: none


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """How often a scenario is recorded, checked, and run again when it drifted."""

    # Two samples show that something varies, three that it does so more than once.
    record: int = 3
    # One is enough where all is well; `confirm` adds two for what drifted, so that 3 of 3 and 1 of 3 can be told apart.
    check: int = 1
    confirm: int = 2


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A drift that a team accepts, for a reason, until a day (ISO date); after it, it is enforced again."""

    rule: str
    reason: str
    until: str
    scenario: str | None = None
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """The team's severity for a rule (`off` switches it off), optionally for one scenario or path only."""

    rule: str
    severity: Severity | None  # None: off
    scenario: str | None = None
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class MinHits:
    """A drift of this rule counts only when so many samples show it: for intermittent behaviour."""

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
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What fails a build: rules measure, the policy decides."""

    fail_on: Severity | None = Severity.BREAKING  # None: never
    tolerate: tuple[Tolerance, ...] = ()
    overrides: tuple[Override, ...] = ()
    budgets: tuple[Budget, ...] = ()
    depends_on: tuple[str, ...] = ()
    min_hits: tuple[MinHits, ...] = ()
    # chosen: a quarter of a year; the snapshot behind an alias moves without notice (B04).
    stale_after: int = 90  # days after which a report says that the goldens are old
    stale_fails: bool = False  # and after which nothing is judged by them
    min_coverage: int | None = None  # scenarios that are enough where others have no golden; None: each must have one
    rules_url: str = ""  # where the rules' pages are published, with `{rule}` for the id; "": nowhere
    file: str = "gate.yaml"  # where it is written, for errors


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a run: stored bytes per body and in all, requests, and seconds that a Retry-After may ask for.

    A run of any size takes about 200 MB of memory; what is beyond that lies on the disk, which `max_run` bounds.
    """

    # chosen: room for a batch of vectors; a remote that sends without end fills neither memory nor disk.
    max_body: int = 8 * 1024 * 1024
    max_requests: int | None = None
    # chosen: as long as a rate limit per minute may need; ER16 knows 429s that ask for days.
    max_retry_after: float = 60.0
    max_run: int = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Own:
    """A team's own driver for `gate sdk`: commands, each with its arguments, started in a checkout. `prepare` comes
    first, and may install."""

    run: tuple[str, ...]
    prepare: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """gate.yaml, read and checked. Paths are absolute or relative to the file's own folder (`root`)."""

    root: str
    golden: str = "golden"
    suite: tuple[str, ...] = ("standard",)
    left_out: tuple[str, ...] = ()  # scenarios of it that are not run: `{except: […]}`
    routes: Mapping[str, Route] = field(default_factory=dict)
    samples: SamplePlan = SamplePlan()
    policy: Policy = Policy()
    limits: Limits = Limits()
    sdk: Mapping[str, str] = field(default_factory=dict)  # by `python` or `node`: `openai==2.54.0`
    ours: Own | None = None  # `sdk.ours`
    redact: tuple[str, ...] = ()  # the team's own patterns, removed from bodies before writing


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a scenario, before its placeholders (`gate/suite/placeholders.py`) are filled.

    `model` is a role; the route names the model. `raw` is sent as it stands, whether or not it is JSON.
    `expect` are the statuses that recording stores without a note; they are permitted, never required.
    """

    endpoint: str
    model: str | None = None
    body: Json = None
    # Only what recording stores without a note: no status of a candidate is drift because of it.
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
