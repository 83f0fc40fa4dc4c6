"""Cassettes of go-vcr, versions 1 to 4: requests with `url`, answers with `code`. Hooks of its users take headers out.

Read: https://github.com/charmbracelet/fantasy/tree/main/providertests/testdata
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.adapters import exchanges as made
from gate.adapters.form import Form
from gate.adapters.source import Source
from gate.endpoints import member, members
from gate.model import Exchange


def _recognise(source: Source) -> bool:
    first = next(iter(members(source.document, "interactions")), None)
    asked, answered = member(first, "request"), member(first, "response")
    return isinstance(asked, dict) and "url" in asked and isinstance(answered, dict) and "code" in answered


def _read(source: Source) -> Iterator[Exchange]:
    for entry in source.root.items("interactions"):
        asked, answered = entry.mapping("request"), entry.mapping("response")
        yield made.exchange(
            entry,
            made.request(asked, "url"),
            answered.status("code"),
            made.pairs(answered.at("headers")),
            made.sent(answered.at("body").value) or b"",
            # "200 OK": the number stands in `code` as well.
            reason=answered.text("status", "").partition(" ")[2],
        )


FORM = Form("a cassette of go-vcr", _recognise, _read, ("times",))
