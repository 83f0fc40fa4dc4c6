"""HAR 1.2: what browsers export, and what Polly.js records; bodies without their Content-Encoding, or chunks in base64.

Read: https://w3c.github.io/web-performance/specs/HAR/Overview.html,
https://github.com/traceloop/openllmetry-js/tree/main/packages/instrumentation-openai/test/recordings
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.adapters import exchanges as made
from gate.adapters.form import Form
from gate.adapters.source import Item, Source
from gate.endpoints import GENERAL, for_url, member
from gate.model import Exchange, Request


def _recognise(source: Source) -> bool:
    return isinstance(member(member(source.document, "log"), "entries"), list)


def _read(source: Source) -> Iterator[Exchange]:
    entries = [entry for entry in source.root.mapping("log").items("entries") if _answered(entry)]
    # A browser records all of a page; the calls of an API are meant, where there are any.
    calls = [entry for entry in entries if _is_call(entry.mapping("request"))]
    yield from map(_exchange, calls or entries)


def _answered(entry: Item) -> bool:
    # 0 stands for no answer: aborted, blocked, or still under way at the export.
    return bool(entry.mapping("response").at("status").value != 0)


def _is_call(asked: Item) -> bool:
    method = asked.text("method").upper()
    return method != "OPTIONS" and for_url(_address(asked), method) is not GENERAL


def _address(asked: Item) -> str:
    return made.url(asked, "url")


def _exchange(entry: Item) -> Exchange:
    asked, answered = entry.mapping("request"), entry.mapping("response")
    posted = asked.at("postData")
    body = None if posted.value is None else made.sent(posted.text("text", ""))
    return made.exchange(
        entry,
        Request(asked.text("method").upper(), _address(asked), made.pairs(asked.at("headers")), body),
        answered.status("status"),
        made.pairs(answered.at("headers")),
        _body(answered.mapping("content")),
        reason=answered.text("statusText", ""),
    )


def _body(content: Item) -> bytes:
    if content.at("text").value is None:
        size = content.at("size").value
        if isinstance(size, int) and size > 0:
            raise content.error("the body of this answer is not in the HAR: export it with content")
        return b""
    text = content.text("text")
    if content.at("encoding").value != "base64":
        return made.data(text)
    # Polly.js keeps the parts of a compressed body as a JSON list.
    parts = made.parsed(text) if text.startswith("[") else [text]
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise content.error("this is not base64")
    return b"".join(made.unpacked(content, part) for part in parts)


FORM = Form("a HAR file", _recognise, _read, ("times",))
