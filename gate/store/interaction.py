"""One interaction of a cassette ↔ one exchange, with all forms of vcrpy's past that still lie in repositories."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Mapping
from typing import Any, get_args

from gate.errors import CassetteError
from gate.model import Absent, Chunk, Ending, Exchange, Headers, Hop, Json, Location, Request, Response
from gate.text.safe import line

_FIX = "correct the file, or record it again"
# The keys of `gate` by the type of their value.
_TEXTS = ("scenario", "detail", "sha256", "reason")
_COUNTS = ("step", "sample", "attempt", "size")
_TIMES = ("connect_ms", "first_byte_ms", "total_ms", "at_ms")
MAX_CHUNKS = 200_000
"""Chunks of one exchange; a recording has half as many at most."""
# A key that we don't know is a slip of an editor's hand; passing over `endng: cut` would judge a cut stream as whole.
_GATE_KEYS = {*_TEXTS, *_COUNTS, *_TIMES, "chunks", "ending", "redirects", "outage", "absent"}
_ABSENT: tuple[Absent, ...] = get_args(Absent)


class _Place:
    """The file and line of an entry, for its errors."""

    def __init__(self, item: Json, file: str) -> None:
        self.file, self.line = file, getattr(item, "line", None)

    def error(self, what: str) -> CassetteError:
        return CassetteError(what, where=f"{self.file}:{self.line}" if self.line else self.file, fix=_FIX)

    def mapping(self, item: Json, name: str) -> Mapping[str, Json]:
        if not isinstance(item, dict):
            raise self.error(f"`{name}` must be a mapping, not {_kind(item)}")
        return item

    def get(self, item: Mapping[str, Json], name: str, *types: type) -> Any:
        """A required member of one of the types; a bool is not a number. Raises CassetteError."""
        value = item.get(name)
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            what = "is missing" if name not in item else f"has the wrong type: {_kind(value)}"
            raise self.error(f"`{name}` {what}")
        return value


def _kind(value: Json) -> str:
    return "null" if value is None else type(value).__name__.lower().replace("lined", "dict")


# -- from the file ------------------------------------------------------------------------------


def exchange_of(item: Json, file: str) -> Exchange:
    """An entry of `interactions`. CassetteError, with its line, for a wrong shape."""
    place = _Place(item, file)
    entry = place.mapping(item, "interaction")
    response = _response(place.mapping(entry.get("response"), "response"), place)
    return _exchange(entry, response, place)


def attempt_of(item: Json, file: str) -> Exchange:
    """An entry of `gate.attempts`: a request without a response."""
    place = _Place(item, file)
    return _exchange(place.mapping(item, "attempt"), None, place)


def _exchange(entry: Mapping[str, Json], response: Response | None, place: _Place) -> Exchange:
    request = _request(place.mapping(entry.get("request"), "request"), place)
    at = Location(file=place.file, line=place.line)
    if "gate" not in entry:
        return Exchange(request=request, response=response, location=at)
    gate = place.mapping(entry["gate"], "gate")
    if unknown := sorted(gate.keys() - _GATE_KEYS):
        raise place.error(f"`gate` has the unknown key `{line(unknown[0], 60)}`")
    texts = {name: place.get(gate, name, str) for name in _TEXTS if name in gate}
    counts = {name: _count(place.get(gate, name, int), name, place) for name in _COUNTS if name in gate}
    if response is not None and "reason" in texts:
        response = Response(response.status, texts["reason"], response.headers, response.body)
    return Exchange(
        request=request,
        response=response,
        chunks=_chunks(gate.get("chunks", []), place),
        ending=_ending(gate.get("ending", Ending.COMPLETE), place),
        detail=texts.get("detail", ""),
        connect_ms=_time(gate.get("connect_ms"), "connect_ms", place),
        first_byte_ms=_time(gate.get("first_byte_ms"), "first_byte_ms", place),
        total_ms=_time(gate.get("total_ms"), "total_ms", place),
        hops=_hops(gate.get("redirects", []), place),
        scenario=texts.get("scenario", ""),
        step=counts.get("step", 0),
        sample=counts.get("sample", 0),
        attempt=counts.get("attempt", 0),
        outage="outage" in gate and place.get(gate, "outage", bool),
        body_size=counts.get("size"),
        body_sha256=texts.get("sha256"),
        absent=_absent(gate.get("absent", []), place),
        location=at,
        upstream=None,  # a cassette of its own (`gate.store.sides`)
        at_ms=_time(gate.get("at_ms"), "at_ms", place),
    )


def _request(item: Mapping[str, Json], place: _Place) -> Request:
    body = _body(item, place)
    return Request(
        place.get(item, "method", str), place.get(item, "uri", str), _headers(item.get("headers"), place), body
    )


def _response(item: Mapping[str, Json], place: _Place) -> Response:
    # vcrpy before 5 had a form of its own for httpx: status_code, http_version, headers, content.
    if "status_code" in item:
        return _response_of_vcrpy_4(item, place)
    status = place.mapping(item.get("status"), "response.status")
    code = _code(status.get("code"), place)
    headers = _headers(item.get("headers"), place)
    return Response(code, _reason(status.get("message"), place), headers, _body(item, place) or b"")


def _response_of_vcrpy_4(item: Mapping[str, Json], place: _Place) -> Response:
    """What vcrpy before 5 wrote for httpx: the content decoded, under headers that still name its encoding."""
    headers = _headers(item.get("headers"), place)
    plain = tuple(pair for pair in headers if pair[0].lower() != "content-encoding")
    return Response(_code(item["status_code"], place), "", plain, _bytes(item.get("content"), place) or b"")


def _code(value: Json, place: _Place) -> int:
    # Any three digits: a candidate may answer 999, and that is a finding, not a broken file.
    code = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if not isinstance(code, int) or isinstance(code, bool) or not 100 <= code <= 999:
        raise place.error(f"`status.code` must be a number from 100 to 999, not `{line(str(value), 40)}`")
    return code


def _reason(value: Json, place: _Place) -> str:
    # httpx under HTTP/2 has no reason phrase (RFC 9113, 8.3.2), and vcrpy stores null then.
    if value is not None and not isinstance(value, str | bytes):
        raise place.error(f"`status.message` must be text, not {_kind(value)}")
    return value.decode("latin-1") if isinstance(value, bytes) else value or ""


def _headers(item: Json, place: _Place) -> Headers:
    """Names with one value or a list of them; a value may be a number where somebody edited the file."""
    if item is None:
        return ()
    return tuple(
        (name, _header_value(value, name, place))
        for name, values in place.mapping(item, "headers").items()
        for value in (values if isinstance(values, list) else [values])
    )


def _header_value(value: Json, name: str, place: _Place) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise place.error(f"the header `{line(name, 60)}` must be text, not {_kind(value)}")
    return str(value)


def _body(item: Mapping[str, Json], place: _Place) -> bytes | None:
    """`body`, or `parsed_body` as some recorders' serializers write a JSON body, so that people can read it."""
    if "parsed_body" in item:
        return _as_json(item["parsed_body"])
    body = item.get("body")
    if not isinstance(body, dict):
        return _bytes(body, place)
    # Ruby's VCR, and tools that convert from it, keep base64 beside or instead of the string.
    # https://github.com/vcr/vcr: `preserve_exact_body_bytes`.
    if "base64_string" in body:
        return _base64(body["base64_string"], place)
    return _bytes(body["string"], place) if "string" in body else _as_json(body)


def _bytes(body: Json, place: _Place) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    if isinstance(body, str):
        # A lone surrogate in the file is what a JSON escape in the body was: it must not become `?`.
        return body.encode("utf-8", "surrogatepass")
    if isinstance(body, list) and all(isinstance(part, str | bytes) for part in body):
        # An iterator of parts, as vcrpy keeps it.
        return b"".join(part if isinstance(part, bytes) else part.encode() for part in body)
    if isinstance(body, list | dict):
        return _as_json(body)
    raise place.error(f"a body must be text, !!binary or null, not {_kind(body)}")


def _as_json(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_never_json).encode()


# YAML has dates and bytes, which a body that was stored as data may hold.
def _never_json(value: Json) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _base64(value: Json, place: _Place) -> bytes:
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    try:
        return base64.b64decode("".join(text.split()) if isinstance(text, str) else "?", validate=True)
    except (binascii.Error, ValueError) as error:
        raise place.error("`base64_string` is not base64") from error


def _count(value: int, name: str, place: _Place) -> int:
    if value < 0:
        raise place.error(f"`gate.{name}` is below zero")
    return value


def _time(value: Json, name: str, place: _Place) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise place.error(f"`gate.{name}` must be milliseconds from 0")
    return float(value)


def _ending(value: Json, place: _Place) -> Ending:
    try:
        return Ending(value)
    except ValueError:
        raise place.error(f"`gate.ending` must be one of {', '.join(Ending)}, not `{line(str(value), 40)}`") from None


def _chunks(value: Json, place: _Place) -> tuple[Chunk, ...]:
    if isinstance(value, list) and len(value) > MAX_CHUNKS:
        raise place.error(f"`gate.chunks` has {len(value):,} entries, more than {MAX_CHUNKS:,}")
    try:
        chunks = tuple(Chunk(at, size) for at, size in value)
    except (TypeError, ValueError):
        raise place.error("`gate.chunks` must be a list of [ms, bytes]") from None
    for chunk in chunks:
        # `type`, not isinstance: true is no size, and a stream has thousands of chunks.
        if type(chunk.size) is not int or chunk.size < 0 or type(chunk.at_ms) not in (int, float):
            raise place.error("`gate.chunks` must be a list of [ms, bytes]")
        if not math.isfinite(chunk.at_ms):
            raise place.error("a time in `gate.chunks` is not a number of milliseconds")
    return chunks


def _absent(value: Json, place: _Place) -> tuple[Absent, ...]:
    # A word that we don't know may mean that something else must not be judged.
    if not isinstance(value, list) or any(word not in _ABSENT for word in value):
        raise place.error(f"`gate.absent` must be a list of {', '.join(_ABSENT)}")
    return tuple(word for word in _ABSENT if word in value)


def _hops(value: Json, place: _Place) -> tuple[Hop, ...]:
    if not isinstance(value, list):
        raise place.error("`gate.redirects` must be a list")
    hops = [place.mapping(item, "gate.redirects") for item in value]
    return tuple(Hop(_code(hop.get("status"), place), place.get(hop, "location", str)) for hop in hops)


# -- to the file --------------------------------------------------------------------------------


def entry_of(exchange: Exchange) -> dict[str, Json]:
    """An exchange as its entry in the file. Text stays text; bytes where it is not UTF-8."""
    request = exchange.request
    entry: dict[str, Json] = {
        "request": {
            "method": request.method,
            "uri": request.url,
            "headers": _grouped(request.headers),
            "body": None if request.body is None else _text(request.body),
        }
    }
    if exchange.response is not None:
        entry["response"] = _response_entry(exchange.response)
    if facts := _gate_entry(exchange):
        entry["gate"] = facts
    return entry


def _response_entry(response: Response) -> dict[str, Json]:
    return {
        # vcrpy encodes the message as ASCII; any other phrase is kept in `gate`.
        "status": {"code": response.status, "message": response.reason if response.reason.isascii() else ""},
        "headers": _grouped(response.headers),
        "body": {"string": _text(response.body)},
    }


def _gate_entry(exchange: Exchange) -> dict[str, Json]:
    reason = exchange.response.reason if exchange.response is not None else ""
    facts: dict[str, Json] = {
        "scenario": exchange.scenario,
        "step": exchange.step,
        "sample": exchange.sample,
        "attempt": exchange.attempt,
        "ending": "" if exchange.ending is Ending.COMPLETE else str(exchange.ending),
        "detail": exchange.detail,
        "outage": exchange.outage,
        "connect_ms": _ms(exchange.connect_ms),
        "first_byte_ms": _ms(exchange.first_byte_ms),
        "total_ms": _ms(exchange.total_ms),
        "at_ms": _ms(exchange.at_ms),
        "redirects": [{"status": hop.status, "location": hop.location} for hop in exchange.hops],
        "size": exchange.body_size,
        "sha256": exchange.body_sha256,
        "reason": "" if reason.isascii() else reason,
        "absent": list(exchange.absent),
        "chunks": [[_ms(chunk.at_ms), chunk.size] for chunk in exchange.chunks],
    }
    # Zero is a measurement for these, and a default for all others.
    keep_zero = ("connect_ms", "first_byte_ms", "total_ms", "at_ms", "size")
    return {k: v for k, v in facts.items() if v or (k in keep_zero and v is not None)}


def _ms(value: float | None) -> float | None:
    """Microseconds are finer than any clock that took these times."""
    return None if value is None else round(float(value), 3)


def _grouped(headers: Headers) -> dict[str, list[Json]]:
    grouped: dict[str, list[Json]] = {}
    for name, value in headers:
        # httpx under vcrpy takes text headers as ASCII, and bytes as they are.
        grouped.setdefault(name, []).append(value if value.isascii() else value.encode("utf-8", "replace"))
    return grouped


def _text(body: bytes) -> str | bytes:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body
