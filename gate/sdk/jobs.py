"""Which calls are made for which goldens, and with which faults. No I/O."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gate.endpoints import for_url, member
from gate.model import Exchange, Json, Request
from gate.replay.asks import access_of
from gate.wire import form

# The calls that the drivers know, by endpoint: of a plain answer, and of a stream.
_CALLS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "audio.speech": (("create", "async"), ()),
    "audio.transcriptions": (("create", "async"), ("stream",)),
    "chat.completions": (("create", "async", "raw"), ("stream", "async", "helper")),
    "completions": (("create", "async", "raw"), ("stream", "async")),
    "embeddings": (("create", "async", "raw"), ()),
    "files": (("create", "async", "raw"), ()),
    "images": (("create", "async", "raw"), ("stream",)),
    "models": (("create", "async", "raw"), ()),
    "moderations": (("create", "async", "raw"), ()),
    "responses": (("create", "async", "raw"), ("stream", "async", "helper")),
}
Calls = Mapping[str, Collection[str]]
"""The calls that a driver can make, by endpoint."""

ALL: Calls = {endpoint: (*plain, *streamed, "parse") for endpoint, (plain, streamed) in _CALLS.items()}
# What real routes do now and then, one of each kind (ER16, T32, SD06).
# `status-429+retry-after-1*1`: the first attempt fails, the second is served.
# Times are a tenth of real ones: a first token after 15 s meets a client that waits for 7 s, and one that waits on.
PLAIN_FAULTS = (
    "status-429+retry-after-1*1", "status-429+retry-after-date-2*1", "status-429+retry-after-70",
    "status-429+retry-after-86400", "status-503*2", "html-502", "reset*1", "no-answer", "error-200", "silence",
)  # fmt: skip
STREAM_FAULTS = (
    "status-429+retry-after-1*1", "first-chunk-after-1.5s", "first-byte-after-1.5s", "cut-after-3", "reset-after-3",
    "no-finish", "error-in-stream", "stall-after-3", "html-200", "no-events", "heartbeat-comments", "empty-events",
)  # fmt: skip
LEFT, PACED = "pause-after-3-for-1s", "pause-after-2-for-1.5s"
"""Faults of every way of streaming: a loop that the application leaves, and one that reads on, which shows when the
first token comes."""

# So long a client waits for the next byte, in seconds: less than the driver's own time is, so that its answer shows.
_TIMEOUTS = {"silence": 0.8, "stall-after-3": 0.8, "first-byte-after-1.5s": 0.7}
_LONG = re.compile(r"retry-after-(?:date-)?(\d+)")
_LONGEST = 5.0
"""Seconds that a call may take which is told to wait for longer. An SDK that passes over it has sent again by then: the
AI SDK after 2 s, and 4 s later."""


@dataclass(frozen=True, slots=True)
class Job:
    """One call: what a driver gets as a JSON line, less its number and the server's address."""

    endpoint: str
    call: str
    body: Mapping[str, Json]
    api_key: str = "sk-gate-0000"
    fault: str = ""
    options: Mapping[str, Json] = field(default_factory=dict)

    @property
    def prompt(self) -> bool:
        """Whether the server sends the first token at once."""
        return not any(word in self.fault for word in ("first-", "status-", "reset*", "silence"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One step of one scenario, perhaps with a fault: the recorded exchange and the calls for it."""

    exchange: Exchange
    jobs: tuple[Job, ...]

    @property
    def scenario(self) -> str:
        """The scenario's id; with a fault, that of its own."""
        fault = self.jobs[0].fault
        return f"{self.exchange.scenario}!{fault}" if fault else self.exchange.scenario

    @property
    def pause(self) -> float:
        """About how many seconds its calls only wait: what waits longest is played first."""
        fault = self.jobs[0].fault
        if asked := _LONG.search(fault):
            return min(float(asked[1]), _LONGEST)
        # three attempts, and the pauses of the SDK between them
        return 4.0 if fault in _TIMEOUTS else float(bool(fault))


def cells(
    exchanges: Mapping[str, Sequence[Exchange]], calls: Calls = ALL, faults: bool = True, also: Sequence[str] = ()
) -> tuple[Cell, ...]:
    """The cells of all goldens, one sample of each step; faults are played to one plain and one streamed chat.

    `calls` are those that the driver can make; `also` names further faults, mutations among them.
    """
    # the name is that of the folder, which need not be the one in the file
    first = [
        replace(exchange, scenario=name) for name in sorted(exchanges) for exchange in first_samples(exchanges[name])
    ]
    made = [cell for exchange in first if (cell := _cell(exchange, calls))]
    return (*made, *_faulty(made, (PLAIN_FAULTS, STREAM_FAULTS) if faults else ((), ()), also))


def named(cells: Sequence[Cell], models: Mapping[str, str]) -> tuple[Cell, ...]:
    """The cells under the names that a gateway has for models: `models` has them by those of the goldens."""

    def job(one: Job) -> Job:
        model = models.get(str(one.body.get("model")))
        return replace(one, body={**one.body, "model": model}) if model else one

    return tuple(replace(cell, jobs=tuple(map(job, cell.jobs))) for cell in cells)


def undriven(exchanges: Mapping[str, Sequence[Exchange]], calls: Calls = ALL) -> tuple[str, ...]:
    """Scenarios that the SDK can't be made to send: a body that is no JSON, an endpoint that its driver lacks."""
    driven = {cell.exchange.scenario for cell in cells(exchanges, calls, faults=False)}
    return tuple(sorted(set(exchanges) - driven))


def first_samples(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """The final attempt of the first sample of each step."""
    last: dict[tuple[int, int], Exchange] = {(e.step, e.sample): e for e in exchanges if e.response}
    lowest = {step: min(n for s, n in last if s == step) for step, _ in last}
    return [last[step, sample] for step, sample in sorted(lowest.items())]


def _cell(exchange: Exchange, known: Calls) -> Cell | None:
    request = exchange.request
    endpoint = for_url(request.url, request.method).name
    body = _document(request)
    if endpoint not in _CALLS or endpoint not in known or body is None:
        return None
    plain, streamed = _CALLS[endpoint]
    calls = streamed if body.get("stream") is True else plain
    if _schema(body) and "create" in calls:
        calls = (*calls, "parse")
    access = access_of(request.headers)
    key = {"bad": "sk-bad-0000", "none": ""}.get(access, "sk-gate-0000")
    jobs = tuple(Job(endpoint, call, body, key) for call in calls if call in known[endpoint])
    return Cell(exchange, jobs) if jobs else None


def _document(request: Request) -> Mapping[str, Json] | None:
    if (fields := form.parts(request.body, request.headers)) is not None:
        return dict(_field(*part) for part in fields)
    if not request.body:
        return {}
    try:
        value = json.loads(request.body)
    except ValueError:  # malformed on purpose: no SDK sends it from keyword arguments
        return None
    return value if isinstance(value, dict) else None


def _field(name: str, file: str, content: bytes) -> tuple[str, Json]:
    """A field of a form as applications give it; a file by its name and content."""
    if file:
        return name, {"name": file, "base64": base64.b64encode(content).decode()}
    text = content.decode("utf-8", "replace")
    value: Json = {"true": True, "false": False}.get(text, text)
    return (name.removesuffix("[]"), [value]) if name.endswith("[]") else (name, value)


def _schema(body: Mapping[str, Json]) -> bool:
    """Whether structured output is asked for: of chat, or of a response."""
    forms = (body.get("response_format"), member(body.get("text"), "format"))
    return any(member(form, "type") == "json_schema" for form in forms)


def _faulty(made: Sequence[Cell], usual: tuple[Sequence[str], Sequence[str]], also: Sequence[str]) -> Iterator[Cell]:
    """The faults, on the first plain and the first streamed chat that was served."""
    served = [c for c in made if c.jobs[0].endpoint == "chat.completions" and _served(c.exchange)]
    for streamed, faults in zip((False, True), usual, strict=True):
        cell = next((c for c in served if (c.jobs[0].body.get("stream") is True) == streamed), None)
        for fault in dict.fromkeys((*faults, *also)) if cell else ():
            assert cell
            yield Cell(cell.exchange, (_with_fault(cell.jobs[0], fault),))
    streams = [c for c in served if c.jobs[0].body.get("stream") is True]
    for cell in streams[:1] if usual[1] else ():
        # what the helpers read, and how, is told of the goldens themselves
        loops = [job for job in cell.jobs if job.call in ("stream", "async")]
        for fault, options in ((LEFT, {"cancel_after": 2}), (PACED, {})):
            yield Cell(cell.exchange, tuple(_with_fault(job, fault, options) for job in loops))


def _with_fault(job: Job, fault: str, options: Mapping[str, Json] | None = None) -> Job:
    timeouts = {"read_timeout": _TIMEOUTS[fault]} if fault in _TIMEOUTS else {}
    asked = _LONG.search(fault)
    bound = {"timeout": _LONGEST} if asked and float(asked[1]) > _LONGEST else {}
    return Job(job.endpoint, job.call, job.body, job.api_key, fault, {**timeouts, **bound, **(options or {})})


def _served(exchange: Exchange) -> bool:
    return exchange.response is not None and 200 <= exchange.response.status < 300
