"""What nock records for Node.js: a list of scopes with path, body, status and response; compressed bodies in hex.

Read: https://github.com/nock/nock/blob/main/tests/fixtures/good_request.json,
https://github.com/elastic/elastic-otel-node/tree/main/packages/instrumentation-openai/test/fixtures/nock-recordings
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.adapters import exchanges as made
from gate.adapters.form import Form
from gate.adapters.source import Item, Source
from gate.model import Absent, Exchange, Headers, Request


def _recognise(source: Source) -> bool:
    document = source.document
    first = document[0] if isinstance(document, list) and document else None
    return isinstance(first, dict) and first.keys() >= {"scope", "path", "response"}


def _read(source: Source) -> Iterator[Exchange]:
    yield from map(_exchange, source.root.items())


def _exchange(entry: Item) -> Exchange:
    headers = made.pairs(entry.at("rawHeaders" if "rawHeaders" in entry else "headers"))
    asked = Request(
        entry.text("method", "GET").upper(),
        f"{entry.text('scope')}{entry.text('path')}",
        made.pairs(entry.at("reqheaders")),
        made.sent(entry.at("body").value),
    )
    body, exact = _body(entry, headers)
    absent: tuple[Absent, ...] = () if headers else ("headers",)
    return made.exchange(
        entry, asked, entry.status("status"), headers, body, absent=absent if exact else (*absent, "bytes")
    )


def _body(entry: Item, headers: Headers) -> tuple[bytes, bool]:
    """The body, and whether these are its very bytes."""
    response, value = entry.at("response"), entry.at("response").value
    parts = value if isinstance(value, list) else [value]
    texts = all(isinstance(part, str) for part in parts)
    compressed = isinstance(value, list) and any(name.lower() == "content-encoding" for name, _ in headers)
    if texts and (compressed or entry.at("responseIsBinary").value is True):
        return b"".join(made.unpacked(response, part, "hex") for part in parts), True
    return made.data(value), isinstance(value, str)


FORM = Form("a recording of nock", _recognise, _read, ("times",))
