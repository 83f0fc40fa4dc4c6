"""Exchanges as people want to see them: figures of every sample, and cut texts of those that stand for a step. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from gate import endpoints
from gate.explain.highlights import excerpt
from gate.model import MISSING, Endpoint, Event, Excerpt, Exchange, Exhibit, Finding, Headers, Json, Mark, Observation
from gate.model.exhibits import Seen
from gate.wire.encoding import decoded

TEXTS = 250_000  # characters of requests and responses in one report
LONGEST, SHORTEST = 6_000, 400  # characters of one exchange's texts
REQUEST = 0.3  # the request's share of them
EXCERPTS = 300  # findings, in report order, whose bytes are shown
MOMENTS = 1_000  # events of one kind in the same thousandth of an exchange are one mark

KINDS = ("error", "tool", "text", "reasoning", "finish", "usage", "role", "done", "comment", "bytes", "other")
"""What an event is, the most telling first: one that does several things is drawn as the first of these."""

# Headers that say who answered and how; none of them names a person or a key.
_HEADERS = (
    "content-type", "content-encoding", "transfer-encoding", "content-length", "server", "via", "x-request-id",
    "openai-model", "openai-version", "openai-processing-ms", "retry-after", "cache-control", "x-accel-buffering",
)  # fmt: skip


def exhibits(seen: Sequence[Seen], findings: Sequence[Finding]) -> tuple[Exhibit, ...]:
    """Every exchange, sorted by scenario, step, side and sample."""
    shown = sorted(seen, key=_place)
    about = _about(shown, findings[:EXCERPTS])
    texts = _standing(shown, about, {finding.scenario for finding in findings})
    return tuple(_exhibit(one, texts.get(id(one), 0), about.get(id(one), ())) for one in shown)


def _place(one: Seen) -> tuple[str, int, bool, int]:
    return one.scenario, one.step, one.side == "candidate", one.found.sample


def _exhibit(one: Seen, room: int, about: Iterable[Finding]) -> Exhibit:
    found, exchange = one.found, one.exchange
    body = _body(one) if room or about else b""
    excerpts = (excerpt(finding, found, body, placed=one.side == "candidate") for finding in about)
    return Exhibit(
        side=one.side,
        scenario=one.scenario,
        step=one.step,
        sample=found.sample,
        endpoint=found.endpoint,
        model=_model(found),
        status=found.status,
        form=found.form,
        media_type=found.media_type,
        ending=found.ending,
        timing=found.timing,
        detail=found.detail,
        attempts=one.attempts,
        size=found.size,
        reads=len(exchange.chunks),
        tokens=_tokens(found),
        marks=_marks(found, exchange),
        # a query may hold a key
        target=f"{exchange.request.method} {urlsplit(exchange.request.url).path}",
        headers=_headers(found.headers) if room else (),
        request=_text(exchange.request.body or b"", int(room * REQUEST)),
        response=_text(body, int(room * (1 - REQUEST))),
        excerpts=tuple(part for part in excerpts if isinstance(part, Excerpt)),
        location=found.location,
    )


def _headers(headers: Mapping[str, str]) -> Headers:
    return tuple((name, headers[name][:200]) for name in _HEADERS if name in headers)


def _model(found: Observation) -> str:
    model = endpoints.member(found.request, "model")
    return model if isinstance(model, str) else ""


def _tokens(found: Observation) -> tuple[int | None, int | None]:
    usage = found.answer.usage if found.answer else MISSING
    prompt = endpoints.member(usage, "prompt_tokens") or endpoints.member(usage, "input_tokens")
    completion = endpoints.member(usage, "completion_tokens") or endpoints.member(usage, "output_tokens")
    return _number(prompt), _number(completion)


def _number(value: Json) -> int | None:
    return value if type(value) is int and 0 <= value < 2**53 else None


# -- which texts are shown ----------------------------------------------------------------------


def _about(seen: Sequence[Seen], findings: Iterable[Finding]) -> dict[int, list[Finding]]:
    """Findings by the exchange, on each side, in which their bytes are to be seen."""
    steps: dict[tuple[str, int, str], list[Seen]] = defaultdict(list)
    for one in seen:
        steps[one.scenario, one.step, one.side].append(one)
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        for side in ("golden", "candidate"):
            samples = steps.get((finding.scenario, finding.step, side), [])
            if samples:
                found[id(next((one for one in samples if _shows(one, finding)), samples[0]))].append(finding)
    return found


def _shows(one: Seen, finding: Finding) -> bool:
    """Whether this is the sample that the finding speaks of."""
    at, found = (finding.location, one.found) if one.side == "candidate" else (finding.golden_location, one.found)
    same_file = (at.file, at.line) == (found.location.file, found.location.line)
    return same_file and (one.side == "golden" or finding.request_id == found.request_id)


def _standing(seen: Sequence[Seen], about: Mapping[int, Sequence[Finding]], drifted: set[str]) -> dict[int, int]:
    """Characters for the texts of one exchange per step and side: the first with findings, or simply the first."""
    chosen: dict[tuple[str, int, str], Seen] = {}
    for one in seen:
        key = (one.scenario, one.step, one.side)
        if key not in chosen or (id(one) in about and id(chosen[key]) not in about):
            chosen[key] = one
    weights = {id(one): 3 if one.scenario in drifted else 1 for one in chosen.values()}
    each = TEXTS / max(1, sum(weights.values()))
    return {one: int(min(LONGEST, max(SHORTEST, each * weight))) for one, weight in weights.items()}


def _body(one: Seen) -> bytes:
    """The body without its Content-Encoding, as the observation read it."""
    response = one.exchange.response
    return decoded(response.body, one.found.encoding)[0] if response else b""


def _text(body: bytes, room: int) -> str:
    """Two thirds of the room for how it begins, the rest for how it ends: streams are told apart by both."""
    if not room:
        return ""
    text = body.decode("utf-8", "replace")
    if len(text) <= room:
        return text
    head = room * 2 // 3
    return f"{text[:head]}\n… {len(text) - room:,} characters left out …\n{text[head - room :]}"


# -- streams ------------------------------------------------------------------------------------


def _marks(found: Observation, exchange: Exchange) -> tuple[Mark, ...]:
    """What came when; events of a kind that came in the same moment are one mark. Bounded, whatever was sent."""
    arrivals = _arrivals(found, exchange)
    length = max(found.timing.total or 0.0, 1.0) / MOMENTS
    marks: dict[tuple[int, str], Mark] = {}
    for place, (kind, at) in enumerate(arrivals):
        moment = place * MOMENTS // len(arrivals) if at is None else int(min(MOMENTS, at / length))
        known = marks.get((moment, kind))
        marks[moment, kind] = Mark(kind, known.at_ms if known else at, known.count + 1 if known else 1)
    return tuple(marks.values())


def _arrivals(found: Observation, exchange: Exchange) -> list[tuple[str, float | None]]:
    untimed = all(event.at_ms is None for event in found.events)
    if untimed and exchange.chunks:  # no stream, or a compressed one
        return [("bytes", chunk.at_ms) for chunk in exchange.chunks]
    endpoint = endpoints.endpoint(found.endpoint)
    return [(kind_of(event, endpoint), event.at_ms) for event in found.events if event.kinds]


def kind_of(event: Event, endpoint: Endpoint) -> str:
    """One of KINDS, whatever words the endpoint has for what its events do."""
    return min((_kind(word, endpoint) for word, _ in event.kinds), key=KINDS.index, default="other")


_WORDS = {
    "error": "error", "failed": "error", "invalid": "error", "unknown": "error", "tool": "tool", "function": "tool",
    "content": "text", "refusal": "text", "finish": "finish", "usage": "usage", "role": "role", "created": "role",
    "output_item.added": "role", "content_part.added": "role", "done": "done", "comment": "comment",
}  # fmt: skip


def _kind(word: str, endpoint: Endpoint) -> str:
    if word in _WORDS:
        return _WORDS[word]
    if word.startswith("reasoning"):
        return "reasoning"
    if word.startswith("function_call_arguments"):
        return "tool"
    if word in endpoint.ends:
        return "finish"
    return "text" if word in endpoint.content else "other"
