"""Parts of recordings as parts of exchanges: bodies, headers, addresses."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any

from gate.adapters.source import Item
from gate.endpoints import member, members
from gate.errors import CassetteError
from gate.model import Absent, Exchange, Headers, Json, Location, Request, Response
from gate.wire.encoding import decoded
from gate.wire.sse import tokenize

# A name that can't be a host's (RFC 2606, section 2), and that a later reader does not take for the recorded one.
_BASE = "https://recorded.invalid/v1/"
# `object` of answers and of their chunks → path of the operation: https://platform.openai.com/docs/api-reference
_OPERATIONS = {
    "chat.completion": "chat/completions",
    "chat.completion.chunk": "chat/completions",
    "text_completion": "completions",
    "response": "responses",
}


def operation(answer: Json) -> str:
    """The path of the API operation that a body, or an event of a stream, answers; "" where it does not say."""
    kind, named = member(answer, "object"), member(answer, "type")
    if isinstance(named, str) and named.startswith("response."):
        return "responses"
    if kind == "list":
        first = next(iter(members(answer, "data")), None)
        return {"embedding": "embeddings", "model": "models"}.get(str(member(first, "object")), "")
    return _OPERATIONS.get(kind, "") if isinstance(kind, str) else ""


def answer(item: Item, body: bytes, path: str, media: str, *absent: Absent) -> Exchange:
    """An answer of which nothing but the body is known. That it is a success is seen from it."""
    method = "GET" if path == "models" else "POST"
    # The label is what the body is: a reader of the cassette, such as vcrpy, can't go without one.
    response = Response(200, "", (("content-type", media),), body)
    return Exchange(
        Request(method, f"{_BASE}{path}"), response, absent=("request", "status", "headers", *absent), location=at(item)
    )


def exchange(
    item: Item,
    sent: Request,
    status: int,
    headers: Headers,
    body: bytes,
    *,
    reason: str = "",
    absent: tuple[Absent, ...] = (),
) -> Exchange:
    """One recorded request and its answer, as far as it goes."""
    # Recorders leave large bodies out, and a POST of these APIs has one.
    if sent.method == "POST" and sent.body is None:
        absent = ("request", *absent)
    return Exchange(
        sent, Response(status, reason, labelled(headers, body, absent), body), absent=absent, location=at(item)
    )


def request(item: Item, address: str) -> Request:
    """A recorded request with `method`, `headers` and `body`; `address` is the name of its URL."""
    return Request(
        item.text("method").upper(), item.text(address), pairs(item.at("headers")), sent(item.at("body").value)
    )


def at(item: Item) -> Location:
    """Where an item stands."""
    file, _, number = item.source.where(item.place).rpartition(":")
    return Location(file=file, line=int(number))


def url(item: Item, key: str) -> str:
    """A member that is an address, absolute or from the root."""
    address = item.text(key)
    return address if "://" in address else f"https://recorded.invalid/{address.lstrip('/')}"


def data(value: Json) -> bytes:
    """A body: text as it is, anything else as JSON, whose spacing nobody recorded."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str).encode("utf-8", "surrogatepass")


def sent(value: Json) -> bytes | None:
    """The body of a request; None where there is none."""
    return None if value is None or value == "" else data(value)


def unpacked(item: Item, text: str, codec: str = "base64") -> bytes:
    """The bytes of a text in base64 or hex. Raises CassetteError."""
    try:
        compact = "".join(text.split())
        return base64.b64decode(compact, validate=True) if codec == "base64" else bytes.fromhex(compact)
    except (binascii.Error, ValueError) as error:
        raise item.error(f"this is not {codec}") from error


def pairs(item: Item) -> Headers:
    """Headers in any of the forms that recorders have: `{name: value}`, `{name: [values]}`, `[{name, value}]`, or names
    and values in turn. Pseudo-headers of HTTP/2 are left out. Raises CassetteError."""
    return tuple((name, value) for name, value in _pairs(item) if not name.startswith(":"))


def _pairs(item: Item) -> Iterator[tuple[str, str]]:
    value = item.value
    if value is None:
        return
    if isinstance(value, dict):
        for name in value:
            one = item.at(name)
            for each in one.items() if isinstance(one.value, list) else [one]:
                yield name, _scalar(each)
    elif isinstance(value, list) and value and all(isinstance(entry, str) for entry in value):
        yield from zip(value[::2], value[1::2], strict=False)
    else:
        for entry in item.items():
            yield entry.text("name"), entry.text("value", "")


def _scalar(item: Item) -> str:
    if isinstance(item.value, bool) or not isinstance(item.value, str | int | float):
        raise item.checked(str).error("")
    return str(item.value)


def labelled(headers: Headers, body: bytes, absent: tuple[Absent, ...]) -> Headers:
    """The headers, less a Content-Encoding that the recorder undid, and the length of other bytes than these."""
    encoding = ", ".join(value for name, value in headers if name.lower() == "content-encoding")
    undone = bool(encoding) and not decoded(body, encoding)[1]
    false = {"content-length"} if undone or "bytes" in absent else set()
    false |= {"content-encoding"} if undone else set()
    return tuple((name, value) for name, value in headers if name.lower() not in false)


def stream_operation(body: bytes) -> str:
    """The path of the operation that a stream answers: its first event that says so decides."""
    events = (frame.data for frame in tokenize(body)[0] if frame.data)
    return next(filter(None, (operation(parsed(event)) for event in events)), "")


def parsed(text: str) -> Any:
    """A JSON value; None where the text is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def refused(item: Item) -> CassetteError:
    """An error whose status nobody wrote down: nothing that clients do with it could be compared."""
    return item.error("an error's body without its HTTP status can't be judged: save it in a form that has the status")
