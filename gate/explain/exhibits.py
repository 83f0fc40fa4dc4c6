"""Exchanges for the HTML report: figures of every sample, and cut texts of one sample per step and side. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import urlsplit

from gate import endpoints
from gate.explain.curl import curl
from gate.explain.excerpts import excerpt
from gate.explain.kinds import kind_of
from gate.explain.lines import request_lines, response_lines
from gate.model import Call, Excerpt, Exchange, Exhibit, Finding, Headers, Mark, Observation
from gate.model.exhibits import Forwarded, Observed
from gate.observe.usage import COMPLETION, PROMPT, tokens, usage
from gate.wire.encoding import content

# chosen: the page stays small enough to be opened from an artifact.
TEXTS = 250_000  # characters of requests and responses in one report
# chosen: a screen of one answer, and enough of each to see what it is.
LONGEST, SHORTEST = 6_000, 400  # characters of one exchange's texts
COMMAND = 4_000  # characters of a command; a request with an image has megabytes
REQUEST = 0.3  # the request's share of them
# chosen: nobody reads more, and each one walks through a body.
EXCERPTS = 300  # findings, in report order, whose bytes are shown
# A timeline is 1,000 units wide: finer marks could not be told apart.
CALLS = 12  # requests upstream for one of the client; a gateway that asks more often is known by then
MOMENTS = 1_000  # events of one kind in the same thousandth of an exchange are one mark

# Headers that say who answered and how; none of them identifies a person or holds a key.
_HEADERS = (
    "content-type", "content-encoding", "transfer-encoding", "content-length", "server", "via", "x-request-id",
    "openai-model", "openai-version", "openai-processing-ms", "retry-after", "cache-control", "x-accel-buffering",
)  # fmt: skip


def exhibits(
    seen: Sequence[Observed], findings: Sequence[Finding], variables: Mapping[str, str] | None = None
) -> tuple[Exhibit, ...]:
    """An exhibit of every exchange, sorted by scenario, step, side and sample. `variables` maps a header or parameter
    of the candidate's requests to the variable that fills it."""
    shown = sorted(seen, key=_place)
    about = _about(shown, findings[:EXCERPTS])
    texts = _text_room(shown, about, {finding.scenario for finding in findings})
    return tuple(
        _exhibit(observed, texts.get(id(observed), 0), about.get(id(observed), ()), variables or {})
        for observed in shown
    )


def _place(observed: Observed) -> tuple[str, int, bool, int]:
    return observed.scenario, observed.step, observed.side == "candidate", observed.sample


def _exhibit(observed: Observed, room: int, about: Iterable[Finding], known: Mapping[str, str]) -> Exhibit:
    observation, exchange = observed.shown()
    body = _body(exchange) if room or about else b""
    excerpts = (excerpt(finding, observation, body, placed=observed.side == "candidate") for finding in about)
    return Exhibit(
        side=observed.side,
        scenario=observed.scenario,
        step=observed.step,
        sample=observation.sample,
        endpoint=observation.endpoint,
        model=_model(observation),
        status=observation.status,
        form=observation.form,
        media_type=observation.media_type,
        ending=observation.ending,
        timing=observation.timing,
        detail=observation.detail,
        attempts=observed.attempts,
        size=observation.size,
        reads=len(exchange.chunks),
        tokens=_tokens(observation),
        marks=_marks(observation, exchange),
        # a query may hold a key
        target=f"{exchange.request.method} {urlsplit(exchange.request.url).path}",
        headers=_headers(observation.headers) if room else (),
        request=request_lines(exchange.request.body or b"", int(room * REQUEST), exchange.request.headers),
        response=response_lines(observation, body, int(room * (1 - REQUEST))),
        curl=_again(observed, exchange, known) if room else "",
        excerpts=tuple(part for part in excerpts if isinstance(part, Excerpt)),
        location=observation.location,
        forwarded=_forwarded(observation, exchange),
    )


def _headers(headers: Mapping[str, str]) -> Headers:
    # chosen: a header of megabytes must not fill the page; 200 characters hold every known one.
    return tuple((name, headers[name][:200]) for name in _HEADERS if name in headers)


def _model(observation: Observation) -> str:
    model = endpoints.member(observation.request, "model")
    return model if isinstance(model, str) else ""


def _tokens(observation: Observation) -> tuple[int | None, int | None]:
    counts = usage(observation)
    prompt, completion = (tokens(counts, *names) for names in (PROMPT, COMPLETION))
    return _bounded(prompt), _bounded(completion)


def _bounded(number: int | None) -> int | None:
    # Beyond 2^53 a JSON number is no longer exact in most languages (RFC 8259, 6).
    return number if number is not None and 0 <= number < 2**53 else None


# -- which texts are shown ----------------------------------------------------------------------


def _about(seen: Sequence[Observed], findings: Iterable[Finding]) -> dict[int, list[Finding]]:
    """id of an exchange → the findings whose bytes it shows; each finding has one exchange per side."""
    steps: dict[tuple[str, int, str], list[Observed]] = defaultdict(list)
    for observed in seen:
        steps[observed.scenario, observed.step, observed.side].append(observed)
    by_exchange: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        for side in ("golden", "candidate"):
            samples = steps.get((finding.scenario, finding.step, side), [])
            if samples:
                by_exchange[
                    id(next((observed for observed in samples if _shows(observed, finding)), samples[0]))
                ].append(finding)
    return by_exchange


def _shows(observed: Observed, finding: Finding) -> bool:
    """Whether this is the sample that the finding was found in."""
    at = finding.location if observed.side == "candidate" else finding.golden_location
    same_file = (at.file, at.line) == (observed.location.file, observed.location.line)
    return same_file and (observed.side == "golden" or finding.request_id == observed.request_id)


def _text_room(seen: Sequence[Observed], about: Mapping[int, Sequence[Finding]], drifted: set[str]) -> dict[int, int]:
    """id of an exchange → characters for its texts; one per step and side, the first with findings or the first."""
    chosen: dict[tuple[str, int, str], Observed] = {}
    for observed in seen:
        key = (observed.scenario, observed.step, observed.side)
        if key not in chosen or (id(observed) in about and id(chosen[key]) not in about):
            chosen[key] = observed
    weights = {id(observed): 3 if observed.scenario in drifted else 1 for observed in chosen.values()}
    each = TEXTS / max(1, sum(weights.values()))
    return {key: int(min(LONGEST, max(SHORTEST, each * weight))) for key, weight in weights.items()}


def _body(exchange: Exchange) -> bytes:
    """The body without its Content-Encoding."""
    response = exchange.response
    return content(response) if response else b""


def _again(observed: Observed, exchange: Exchange, known: Mapping[str, str]) -> str:
    """The candidate's request for curl; empty for the golden's, and where it is longer than anybody pastes."""
    command = curl(exchange.request, known) if observed.side == "candidate" else ""
    return command if len(command) <= COMMAND else ""


# -- streams ------------------------------------------------------------------------------------


def _marks(observation: Observation, exchange: Exchange) -> tuple[Mark, ...]:
    """When events came; those of one kind at the same moment are one mark. Bounded, whatever was received."""
    arrivals = _arrivals(observation, exchange)
    length = max(observation.timing.total or 0.0, 1.0) / MOMENTS
    marks: dict[tuple[int, str], Mark] = {}
    for place, (kind, at) in enumerate(arrivals):
        moment = place * MOMENTS // len(arrivals) if at is None else int(min(MOMENTS, at / length))
        known = marks.get((moment, kind))
        marks[moment, kind] = Mark(kind, known.at_ms if known else at, known.count + 1 if known else 1)
    return tuple(marks.values())


def _forwarded(observation: Observation, exchange: Exchange) -> tuple[Forwarded, ...] | None:
    """The other hop of a request that went through a gateway, on the clock of the client."""
    if observation.passage is None or exchange.upstream is None:
        return None
    both = zip(observation.passage.calls, exchange.upstream, strict=True)
    return tuple(_one_forwarded(call, answered) for call, answered in islice(both, CALLS))


def _one_forwarded(call: Call, answered: Exchange) -> Forwarded:
    marks = (replace(mark, at_ms=call.at_ms + (mark.at_ms or 0.0)) for mark in _marks(call.answer, answered))
    return Forwarded(call.at_ms, call.end_ms, call.answer.status, call.answer.ending, call.fault, tuple(marks))


def _arrivals(observation: Observation, exchange: Exchange) -> list[tuple[str, float | None]]:
    untimed = all(event.at_ms is None for event in observation.events)
    if untimed and exchange.chunks:  # no stream, or a compressed one
        return [("bytes", chunk.at_ms) for chunk in exchange.chunks]
    endpoint = endpoints.endpoint(observation.endpoint)
    return [(kind_of(event, endpoint), event.at_ms) for event in observation.events if event.kinds]
