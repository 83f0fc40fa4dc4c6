"""Recordings of httpmock for Rust: documents with `when` and `then`. Rig scrubs ids, times and most headers in them.

Read: https://github.com/0xPlaygrounds/rig/tree/main/crates/rig-cassette/fixtures/cassettes
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.adapters import exchanges as made
from gate.adapters.form import Form
from gate.adapters.source import Item, Source
from gate.model import Exchange, Json, Request

# Between documents; inside of one, such a line would be indented.
_NEXT = re.compile(rb"^---[ \t]*\r?\n", re.MULTILINE)


def _documents(source: Source) -> Iterator[Source]:
    start = 0
    for mark in [*_NEXT.finditer(source.raw), None]:
        end = mark.start() if mark else len(source.raw)
        if source.raw[start:end].strip():
            yield Source(source.file, source.raw[start:end], 1 + source.raw.count(b"\n", 0, start))
        start = mark.end() if mark else end


def _is_mock(value: Json) -> bool:
    return isinstance(value, dict) and isinstance(value.get("when"), dict) and isinstance(value.get("then"), dict)


def _recognise(source: Source) -> bool:
    # Cheap first: nearly every YAML file comes by here.
    return b"when:" in source.raw and _is_mock(next(_documents(source)).document)


def _read(source: Source) -> Iterator[Exchange]:
    for each in _documents(source):
        if each.problem:
            raise each.problem
        yield _exchange(each.root)


def _exchange(entry: Item) -> Exchange:
    asked, answered = entry.mapping("when"), entry.mapping("then")
    return made.exchange(
        entry,
        Request(
            asked.text("method", "GET").upper(),
            made.url(asked, "path"),
            made.pairs(asked.at("header")),
            made.sent(asked.at("body").value),
        ),
        answered.status("status"),
        made.pairs(answered.at("header")),
        made.sent(answered.at("body").value) or b"",
    )


FORM = Form("a recording of httpmock", _recognise, _read, ("headers", "times"))
