"""Exchange → Observation, its normal form. Pure; never raises, whatever bytes were received."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from gate import endpoints
from gate.endpoints import schemas
from gate.model import (
    MISSING,
    Call,
    Endpoint,
    Event,
    Exchange,
    Form,
    Frame,
    Framing,
    Headers,
    Json,
    KeySent,
    Observation,
    Passage,
    Request,
    Response,
    Sent,
    Shape,
    Violation,
)
from gate.observe.events import MAX_SIGNATURES, Likes, read_events
from gate.redact.kinds import BAD_KEY, KEY_HEADERS
from gate.wire import form, timing
from gate.wire.encoding import decoded
from gate.wire.media import HEAD
from gate.wire.parsed import parsed
from gate.wire.paths import at
from gate.wire.shape import counted, signature, uncounted
from gate.wire.sse import looks_like_sse, tokenize

# Only a success is read as an answer: an error body that happens to have `choices` is the error rules'.
_SERVED = range(200, 300)
_AGENT = "swapgate/"  # `gate.run.request`: its requests are stored with all headers
_BOM = b"\xef\xbb\xbf"


def observe(exchange: Exchange) -> Observation:
    """The exchange in normal form; without a response its form is `none`."""
    response = exchange.response or Response(0)
    headers = _headers(response)
    endpoint = endpoints.for_url(exchange.request.url, exchange.request.method)
    body, encoding_true = decoded(response.body, headers.get("content-encoding", ""))
    common = Observation(
        endpoint=endpoint.name,
        request=_asked(exchange.request),
        status=response.status,
        form="none",
        # parameters and case do not matter: https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1 (B31)
        media_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
        headers=headers,
        ending=exchange.ending,
        size=len(response.body) if exchange.body_size is None else exchange.body_size,
        timing=timing.measure(exchange, ()),
        hops=exchange.hops,
        request_id=next((value for name, value in exchange.request.headers if name.lower() == "x-request-id"), ""),
        detail=exchange.detail,
        encoding=headers.get("content-encoding", ""),
        encoding_true=encoding_true,
        scenario=exchange.scenario,
        step=exchange.step,
        sample=exchange.sample,
        attempt=exchange.attempt,
        outage=exchange.outage,
        absent=exchange.absent,
        location=exchange.location,
        transcripts=exchange.transcripts,
        place="" if endpoint.path else endpoints.place(exchange.request.url, exchange.request.method),
        passage=None if exchange.upstream is None else _passage(exchange, exchange.upstream),
        key=_key(exchange.request),
    )
    if exchange.response is None:
        return common
    # By the bytes, not by the label: T14 labels SSE as JSON, T19 has bare JSON under text/event-stream.
    return _stream(common, endpoint, exchange, body) if looks_like_sse(body) else _plain(common, endpoint, body)


def _asked(request: Request) -> Json:
    """The JSON of a request, or the fields of its form."""
    raw = request.body or b""
    # few requests are forms, and their headers need not be read for it
    fields = form.document(raw, request.headers) if raw.startswith(b"--") else None
    return parsed(raw) if fields is None else fields


def _key(request: Request) -> KeySent:
    given = [value for name, value in request.headers if name.lower() in KEY_HEADERS]
    if given:
        return "bad" if any(value.endswith(BAD_KEY) for value in given) else "own"
    # other recorders leave the header out, which says nothing of the key (the corpus of docs/accuracy.md)
    ours = any(name.lower() == "user-agent" and value.startswith(_AGENT) for name, value in request.headers)
    return "none" if ours else "own"


# -- through a gateway --------------------------------------------------------------------------


def _passage(exchange: Exchange, calls: Iterable[Exchange]) -> Passage:
    return Passage(_sent(exchange.request), tuple(_call(call) for call in calls))


def _call(call: Exchange) -> Call:
    words = dict(part.partition(" ")[::2] for part in call.detail.split("; "))
    answer = observe(replace(call, upstream=None))
    return Call(_sent(call.request), answer, call.at_ms or 0.0, words.get("fault", ""), words.get("unmatched", ""))


def _sent(request: Request) -> Sent:
    raw = request.body or b""
    try:
        url = urlsplit(request.url)
        path, query = url.path, dict(parse_qsl(url.query, keep_blank_values=True, max_num_fields=1000))
    except ValueError:
        path, query = request.url, {}
    return Sent(
        request.method,
        path,
        endpoints.for_url(request.url, request.method).name,
        query,
        _joined(request.headers),
        _asked(request) if raw else MISSING,
        raw.decode("utf-8", "replace"),
    )


def _replace(observation: Observation, **changes: Json) -> Observation:
    # dataclasses.replace looks up every field by name; a normal form has many, and this runs for each exchange
    values = {name: getattr(observation, name) for name in Observation.__slots__}
    return Observation(**{**values, **changes})


# -- plain bodies -------------------------------------------------------------------------------


def _plain(observation: Observation, endpoint: Endpoint, raw: bytes) -> Observation:
    text, framing = _text(raw)
    # the mark is utf8-damaged's; without it the rest is still read and judged
    body = parsed(text.removeprefix("\ufeff"))
    # a transcript as text may be "42": no API answers with a scalar
    scalar = observation.media_type == "text/plain" and not isinstance(body, dict | list)
    if body is MISSING or scalar:
        form: Form = "text" if text.strip() else "empty"
        # a transcript as text or subtitles is judged as the text that JSON would bring
        told = endpoint.texts.get("text") if form == "text" and observation.status in _SERVED else None
        answer = endpoint.read({"text": text}) if told else None
        return _replace(observation, form=form, text=text, head=raw[:HEAD], framing=framing, answer=answer)
    answer = endpoint.read(body) if observation.status in _SERVED else None
    key = signature(body)
    shapes = _shaped(key, ((body, 1),), observation.size)
    return _replace(
        observation,
        form="json",
        body=body,
        text=text,
        head=raw[:HEAD],
        framing=framing,
        answer=answer,
        shape=shapes,
        final_shape=shapes,
        violations=_violations(endpoint.schema if answer else None, body, key),
    )


def _text(raw: bytes) -> tuple[str, Framing]:
    bom = raw.startswith(_BOM)
    try:
        return raw.decode(), Framing(bom=bom)
    except UnicodeDecodeError as error:
        return raw.decode("utf-8", "replace"), Framing(bom=bom, bad_utf8=(error.start,))


def _violations(schema: str | None, body: Json, key: Hashable) -> tuple[Violation, ...]:
    # an error object in a 200 is reported by a rule; that it lacks choices would only repeat that
    if schema is None or (isinstance(body, dict) and body.get("error")):
        return ()
    return _validated(schema, key, body)


_VIOLATIONS: dict[tuple[str, object], tuple[Violation, ...]] = {}


def _validated(schema: str, key: Hashable, value: Json) -> tuple[Violation, ...]:
    """Which rules a value breaks depends on its signature alone, so each distinct signature is validated once per
    process; the offending values are then taken from this value."""
    known = _VIOLATIONS.get((schema, key))
    if known is None:
        # A bound on memory. Emptied, not evicted: a suite has far fewer signatures, only a hostile route has more.
        if len(_VIOLATIONS) > 8192:
            _VIOLATIONS.clear()
        known = _VIOLATIONS[schema, key] = schemas.violations(schema, value)
    elif known and uncounted(key):  # the signature does not say which of many items breaks the schema
        return schemas.violations(schema, value)
    elif known:
        return tuple(replace(v, value=at(value, v.path)) for v in known)
    return known


_SHAPES: dict[Hashable, Shape] = {}
# Bytes of the largest body whose shape is cached, a bound on memory: above every recorded answer of the suite, below
# bodies whose signatures would fill the memory.
_CACHED = 256 * 1024


def _shaped(key: Hashable, values: Iterable[tuple[Json, int]], size: int) -> Shape:
    """The shape of the values, which depends on their signature alone: computed once per signature and process."""
    known = _SHAPES.get(key)
    if known is None:
        known = counted(values)
        if size <= _CACHED:
            if len(_SHAPES) > 4096:
                _SHAPES.clear()
            _SHAPES[key] = known
    return known


# -- streams ------------------------------------------------------------------------------------


def _stream(observation: Observation, endpoint: Endpoint, exchange: Exchange, raw: bytes) -> Observation:
    frames, framing = tokenize(raw)
    times = _times(frames, exchange, observation.encoding)
    events, alike = read_events(frames, times, endpoint)
    docs = tuple((e.frame.number, e.doc) for e in events if isinstance(e.doc, dict))
    fold = endpoint.fold(docs) if endpoint.fold else None
    key = signature(fold.final) if fold else None
    answer = endpoint.read(fold.final) if fold and docs and observation.status in _SERVED else None
    kinds = {event.kinds for event in events}  # a few, of many events
    bearing = {of_event for of_event in kinds if any(kind in endpoint.content for kind, _ in of_event)}
    token_times = [event.at_ms for event in events if event.at_ms is not None and event.kinds in bearing]
    return _replace(
        observation,
        form="stream",
        events=events,
        kinds=frozenset(kind for of_event in kinds for kind, _ in of_event),
        framing=framing,
        text=raw.decode("utf-8", "replace") if framing.bad_utf8 or not docs else "",
        answer=answer,
        problems=fold.problems if fold else (),
        pieces=fold.pieces if fold else {},
        violations=_chunk_violations(endpoint, events, alike, fold.final if fold else {}, key),
        shape=_shaped(("chunks", *alike), ((like.doc, like.times) for like in alike.values()), observation.size),
        final_shape=_shaped(key, ((fold.final, 1),), observation.size) if fold else {},
        timing=timing.measure(exchange, token_times),
    )


def _times(frames: Sequence[Frame], exchange: Exchange, encoding: str) -> Sequence[float | None]:
    # chunks of a compressed stream count compressed bytes: no frame's time is known
    if encoding not in ("", "identity"):
        return [None] * len(frames)
    return timing.arrivals([frame.end for frame in frames], exchange.chunks)


def _chunk_violations(
    endpoint: Endpoint, events: Sequence[Event], alike: Mapping[Hashable, Likes], final: Json, key: Hashable
) -> tuple[Violation, ...]:
    """Violations of each distinct chunk, and of the folded answer where one chunk can't show them (a tool call without
    a name). Of equal violations the first is kept, separately for chunks with and without a choice."""
    if endpoint.chunk_schema is None:
        return ()
    first: dict[tuple[str, str, bool], Violation] = {}
    for chunk_key, like in islice(alike.items(), MAX_SIGNATURES):
        # stream-error reports an error chunk; that it lacks choices would repeat it
        for v in _validated(endpoint.chunk_schema, chunk_key, like.doc) if not like.doc.get("error") else ():
            bare = ("choiceless", None) in events[like.frame].kinds
            first.setdefault((v.path, v.keyword, bare), replace(v, frame=like.frame))
    known = {(path, keyword) for path, keyword, _ in first}
    return (*first.values(), *(v for v in _final_violations(endpoint, final, key) if (v.path, v.keyword) not in known))


def _final_violations(endpoint: Endpoint, final: Json, key: Hashable) -> Sequence[Violation]:
    whole = _violations(endpoint.schema, final, key)
    # calls alone are joined of fields from several chunks; all else that is wrong shows in one chunk already
    if not endpoint.answer_at:
        return [v for v in whole if "tool_calls" in v.path]
    # the terminal event holds the whole answer as it came: nothing of it is made by folding
    place = endpoint.answer_at
    return [Violation(f"{place}.{v.path}", v.keyword, v.severity, v.detail, v.value) for v in whole if v.path]


# -- headers ------------------------------------------------------------------------------------


def _headers(response: Response) -> Mapping[str, str]:
    return _joined(response.headers)


def _joined(pairs: Headers) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:
        key = name.lower()
        # repeated fields are one list: https://www.rfc-editor.org/rfc/rfc9110#section-5.3
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers
